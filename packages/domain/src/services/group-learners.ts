export type LearnerSize = {
  readonly userId: string;
  /** Accepted ever. */
  readonly answers: number;
};

// Whoever answers meanwhile waits for this many learners: a tenth of a second.
const LEARNERS_A_GROUP = 25;
// Keeps a group of diligent learners, should all be folded anew, from filling the memory.
const ANSWERS_A_GROUP = 20_000;

/** Learners for `updateLearners`, in the order given; one of more answers than a group may have is alone. */
export function groupLearners(learners: readonly LearnerSize[]): readonly (readonly string[])[] {
  const groups: string[][] = [];
  let answersLeft = 0;
  for (const { userId, answers } of learners) {
    const last = groups.at(-1);
    const isFull = last === undefined || last.length === LEARNERS_A_GROUP || answers > answersLeft;
    if (isFull) groups.push([userId]);
    else last.push(userId);
    answersLeft = (isFull ? ANSWERS_A_GROUP : answersLeft) - answers;
  }
  return groups;
}
