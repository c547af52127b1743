import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'landfall', 'bench');

/** Makes a file or folder once: only a whole one ever has its name. */
export async function makeOnce(name: string, make: (path: string) => Promise<void>): Promise<string> {
  const path = join(CACHE, name);
  if (existsSync(path)) return path;
  await mkdir(CACHE, { recursive: true });
  const building = join(CACHE, `.building-${process.pid}-${name}`);
  try {
    await make(building);
    await rename(building, path);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  return path;
}
