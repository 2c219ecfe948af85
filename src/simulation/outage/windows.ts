export interface TimeSpan {
  readonly fromMs: number
  readonly toMs: number
}

/** Spans of time around instants, by key, merged where they touch. Instants of one key come mostly in runs, so lists stay short. */
export class Windows {
  readonly #aroundMs: number
  readonly #spans = new Map<number, { fromMs: number; toMs: number }[]>()

  constructor(aroundMs: number) {
    this.#aroundMs = aroundMs
  }

  add(key: number, atMs: number): void {
    const fromMs = atMs - this.#aroundMs
    const toMs = atMs + this.#aroundMs
    const list = this.#spans.get(key)
    const last = list?.at(-1)
    if (list === undefined) this.#spans.set(key, [{ fromMs, toMs }])
    else if (last !== undefined && fromMs <= last.toMs && toMs >= last.fromMs) {
      last.fromMs = Math.min(last.fromMs, fromMs)
      last.toMs = Math.max(last.toMs, toMs)
    } else list.push({ fromMs, toMs })
  }

  of(key: number): readonly TimeSpan[] {
    return mergeSpans(this.#spans.get(key) ?? [])
  }
}

/** Disjoint spans in order that cover the same time. */
export function mergeSpans(spans: readonly TimeSpan[]): readonly TimeSpan[] {
  const merged: { fromMs: number; toMs: number }[] = []
  for (const span of [...spans].sort((left, right) => left.fromMs - right.fromMs)) {
    const last = merged.at(-1)
    if (last !== undefined && span.fromMs <= last.toMs) last.toMs = Math.max(last.toMs, span.toMs)
    else merged.push({ ...span })
  }
  return merged
}
