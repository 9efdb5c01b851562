/** The lane of a learner: always the same, so that their items are written in the order they came (FNV-1a). */
export function laneOf(userId: string, lanes: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < userId.length; index += 1) {
    hash = Math.imul(hash ^ userId.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % lanes;
}
