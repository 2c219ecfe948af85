import path from 'node:path'
import { areaLevel, ancestorAt, boxLevel, type GridArchive, onlineFlag } from '../../grid/archive/archive.ts'
import { readGridArchive } from '../../grid/archive/read-archive.ts'
import type { CallAnswer, CallRequest } from '../../records/call.ts'
import { parseInstantFast } from '../../records/instants.ts'
import { meterPhases } from '../../records/levels.ts'
import { hashText, Random } from '../random.ts'
import { readAnswerFile } from './answer-file.ts'

export interface AnswerModel {
  /** Answers like the devices of the simulation: the same device asked at the same instant always answers the same. */
  answer(request: CallRequest): CallAnswer
}

interface Span {
  readonly phase: number
  readonly startAtMs: number
  readonly endAtMs: number
}

/** Share of the calls to a live meter that fail all the same. */
const failShare = 0.03

/** Reads a simulation's folder (archive and `answers.ndjson`). */
export async function readAnswerModel(directory: string, options: { readonly signal?: AbortSignal } = {}): Promise<AnswerModel> {
  const archive = await readGridArchive(directory, options)
  const darkAreas = new Map<number, Span[]>()
  const darkBoxes = new Map<number, Span[]>()
  const darkMeters = new Map<number, Span[]>()
  const truePlaces = new Map<number, { readonly area: number; readonly box: number; readonly phase: number }>()
  const offline = new Set<number>()
  let seed = ''
  const put = (map: Map<number, Span[]>, key: number, span: Span): void => {
    const list = map.get(key)
    if (list === undefined) map.set(key, [span])
    else list.push(span)
  }
  for await (const line of readAnswerFile(path.join(directory, 'answers.ndjson'), options)) {
    if (line.type === 'head') seed = line.seed
    else if (line.type === 'offline') offline.add(archive.terminals.ids.find(line.terminalId))
    else if (line.type === 'place') {
      truePlaces.set(archive.meters.ids.find(line.meterId), { area: archive.nodes.ids.find(line.areaId), box: line.boxId === null ? -1 : archive.nodes.ids.find(line.boxId), phase: meterPhases.indexOf(line.phase) })
    } else {
      const span: Span = { phase: line.phase === null ? -1 : meterPhases.indexOf(line.phase), startAtMs: parseInstantFast(line.startAt) ?? 0, endAtMs: parseInstantFast(line.endAt) ?? 0 }
      if (line.level === 'USER') put(darkMeters, archive.meters.ids.find(line.nodeId), span)
      else put(line.level === 'BOX' ? darkBoxes : darkAreas, archive.nodes.ids.find(line.nodeId), span)
    }
  }

  function isDark(map: Map<number, Span[]>, key: number, phase: number, atMs: number): boolean {
    return (map.get(key) ?? []).some((span) => atMs >= span.startAtMs && atMs < span.endAtMs && (span.phase < 0 || span.phase === phase))
  }

  /** No phase of its own: a terminal goes dark only with all phases. */
  function terminalSpeaks(area: number, atMs: number): boolean {
    const terminal = archive.terminalOfNode[area] ?? -1
    return terminal >= 0 && !offline.has(terminal) && !isDark(darkAreas, area, -2, atMs)
  }

  function meterSpeaks(meter: number, atMs: number): boolean {
    const place = truePlaces.get(meter) ?? archivePlace(archive, meter)
    if (((archive.meters.flags[meter] ?? 0) & onlineFlag) === 0 || !terminalSpeaks(place.area, atMs)) return false
    return !isDark(darkAreas, place.area, place.phase, atMs) && !isDark(darkBoxes, place.box, place.phase, atMs) && !isDark(darkMeters, meter, place.phase, atMs)
  }

  return {
    answer({ callId, deviceId, askedAtMs }) {
      const random = new Random(hashText(`answers ${seed}`), hashText(deviceId), Math.floor(askedAtMs / 1_000) ^ (askedAtMs % 1_000))
      const delayMs = Math.round(random.between(2_000, 10_000))
      const meter = archive.meters.ids.find(deviceId)
      if (meter >= 0) return { callId, kind: meterSpeaks(meter, askedAtMs) && !random.chance(failShare) ? 'PING_OK' : 'PING_FAIL', delayMs }
      const terminal = archive.terminals.ids.find(deviceId)
      if (terminal >= 0) return { callId, kind: terminalSpeaks(archive.terminals.area[terminal] ?? -1, askedAtMs) ? 'PING_OK' : 'PING_FAIL', delayMs }
      return { callId, kind: null, delayMs: 0 } // nobody of this name: not asked
    },
  }
}

function archivePlace(archive: GridArchive, meter: number): { readonly area: number; readonly box: number; readonly phase: number } {
  const node = archive.meters.node[meter] ?? -1
  return { area: ancestorAt(archive.nodes, node, areaLevel), box: ancestorAt(archive.nodes, node, boxLevel), phase: archive.meters.phase[meter] ?? 0 }
}
