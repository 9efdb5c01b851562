// Each run has a folder of its own in .studyin/<room>, named after its process, so that two runs never meet and what a killed
// one left is found by the next.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { removeEmbeddedDatabase } from '../embedded-database.ts';
import { isMarkAlive, processMark } from '../postgres-server/processes.ts';

export type RunFolder = { readonly path: string; remove(): Promise<void> };

/** Makes this run's folder and clears away those of runs that are dead. */
export async function openRunFolder(root: string, room: string): Promise<RunFolder> {
  const parent = join(root, '.studyin', room);
  mkdirSync(parent, { recursive: true });
  const dead = readdirSync(parent).filter((name) => /^\d+-\d+$/.test(name) && !isMarkAlive(name));
  for (const name of dead) await removeRun(join(parent, name));
  const path = join(parent, processMark());
  mkdirSync(path, { recursive: true });
  return { path, remove: () => removeRun(path) };
}

/** Where the run's PostgreSQL lives. */
export function serverFolderOf(runFolder: string): string {
  return join(runFolder, 'postgres');
}

async function removeRun(path: string): Promise<void> {
  await removeEmbeddedDatabase(serverFolderOf(path));
  rmSync(path, { recursive: true, force: true });
}
