import type { Where } from '../core/errors.ts'
import { lineStarts, positionFrom } from './positions.ts'

/** A file with SQL text; `path` is what messages show. */
export interface SqlFile {
  readonly path: string
  readonly text: string
}

/** SQL as it is sent, with the way back to the files it was made of. */
export interface RenderedSql {
  readonly text: string
  /** Where the character at an offset of `text` was written. */
  locate(offset: number): Where
  /** Names of the parameters that the text used. */
  readonly usedParameters: ReadonlySet<string>
}

interface Segment {
  /** Offset in the rendered text. */
  readonly start: number
  readonly file: SqlFile
  readonly sourceStart: number
  /** Text taken over as it stands maps character by character; a value maps to the placeholder it stands for. */
  readonly verbatim: boolean
}

/** Collects rendered text piece by piece and remembers where each piece came from. */
export interface SourceMapBuilder {
  append(text: string, file: SqlFile, sourceStart: number, verbatim: boolean): void
  lastCharacter(): string
  finish(usedParameters: ReadonlySet<string>): RenderedSql
}

export function createSourceMap(): SourceMapBuilder {
  const pieces: string[] = []
  const segments: Segment[] = []
  let length = 0
  let last = ''
  return {
    append(text, file, sourceStart, verbatim) {
      if (text === '') return
      segments.push({ start: length, file, sourceStart, verbatim })
      pieces.push(text)
      length += text.length
      last = text.slice(-1)
    },
    lastCharacter: () => last,
    finish(usedParameters) {
      const starts = new Map<SqlFile, readonly number[]>()
      return {
        text: pieces.join(''),
        usedParameters,
        locate(offset) {
          const segment = segmentAt(segments, Math.max(0, Math.min(offset, length)))
          if (segment === undefined) return { line: 1, column: 1, offset: 0 }
          const source = segment.sourceStart + (segment.verbatim ? Math.min(offset, length) - segment.start : 0)
          const lines = starts.get(segment.file) ?? lineStarts(segment.file.text)
          starts.set(segment.file, lines)
          return { file: segment.file.path, ...positionFrom(lines, source), offset: source }
        },
      }
    },
  }
}

/** A file taken as it stands, without placeholders. */
export function plainSql(file: SqlFile): RenderedSql {
  const map = createSourceMap()
  map.append(file.text, file, 0, true)
  return map.finish(new Set())
}

function segmentAt(segments: readonly Segment[], offset: number): Segment | undefined {
  let low = 0
  let high = segments.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (segments[middle]!.start <= offset) low = middle
    else high = middle - 1
  }
  return segments[low]
}
