/**
 * Largest one-to-one matching by augmenting paths. `edges[left]` names the right partners of a left member; members in front of `order`
 * stay matched whatever comes later, so that among all largest matchings the one is found that leaves the last of the order unmatched.
 * Returns the right partner of each left member, −1 for none. Works without recursion: chains may be long.
 */
export function matchLargest(edges: readonly (readonly number[])[], rights: number, order: readonly number[]): Int32Array {
  const partnerOfRight = new Int32Array(rights).fill(-1)
  const seen = new Int32Array(rights).fill(-1)
  for (const [round, start] of order.entries()) {
    const stack = [{ left: start, next: 0, via: -1 }]
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!
      const right = edges[top.left]?.[top.next++]
      if (right === undefined) {
        stack.pop()
        continue
      }
      if (seen[right] === round) continue
      seen[right] = round
      top.via = right
      const owner = partnerOfRight[right] ?? -1
      if (owner === -1) {
        for (const step of stack) partnerOfRight[step.via] = step.left
        break
      }
      stack.push({ left: owner, next: 0, via: -1 })
    }
  }
  const partnerOfLeft = new Int32Array(edges.length).fill(-1)
  for (const [right, left] of partnerOfRight.entries()) if (left >= 0) partnerOfLeft[left] = right
  return partnerOfLeft
}
