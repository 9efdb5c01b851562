import { createJobs, updateLearnerJob } from '@studyin/domain/jobs';

/** Sends the dead letters of `update-learner` to their queue again, at most 1,000 in one call; answers how many there were. */
export async function redriveDeadLetters(url: string, onError: (error: Error) => void): Promise<number> {
  const jobs = createJobs({ url, role: 'studyin_runtime', applicationName: 'redrive', mode: 'send', onError });
  await jobs.start();
  try {
    return await jobs.boss.redrive(updateLearnerJob.queue.deadLetter);
  } finally {
    await jobs.stop(1_000);
  }
}
