import type { PoolUse } from '@studyin/domain/database';
import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

export type Pools = Readonly<Record<string, () => PoolUse>>;

/** Adds how pools of connections are used, asked at each scrape. */
export function addPoolMetrics(registry: Registry, pools: Pools): void {
  const connections: Gauge<'pool' | 'state'> = new Gauge({
    name: 'studyin_pool_connections',
    help: 'Database connections of a pool: used, idle, and callers who are waiting for one.',
    labelNames: ['pool', 'state'],
    registers: [registry],
    collect: () => {
      for (const [pool, useOf] of Object.entries(pools)) {
        const { size, idle, waiting } = useOf();
        connections.set({ pool, state: 'used' }, size - idle);
        connections.set({ pool, state: 'idle' }, idle);
        connections.set({ pool, state: 'waiting' }, waiting);
      }
    },
  });
}
