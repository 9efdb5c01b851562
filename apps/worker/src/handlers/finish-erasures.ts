import { finishErasures } from '@studyin/domain/services';
import type { HandlerContext } from '../handlers.ts';

/** Takes up erasures whose process died. One that another process is at is only helped on: each table is emptied once. */
export async function handleFinishErasures({ eraser, log }: Pick<HandlerContext, 'eraser' | 'log'>): Promise<void> {
  const finished = await finishErasures(eraser);
  if (finished > 0) log.info({ event: 'erasures.finished', finished });
}
