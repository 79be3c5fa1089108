/**
 * Who can write this copy of the app decides what it would run elevated. Found out once, at the start, by trying: what Windows
 * answers counts, not a path or the environment, which its user can choose.
 */
import { randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Installation } from '../ipc/schema.js';

/** What the system answers to an attempt at writing. `unclear`: in use, not found, or something else that is no refusal. */
export type Answer = 'written' | 'refused' | 'unclear';

/** Only a copy of which every part refuses its user is one that nobody without rights has changed. */
export function installationOf(isPackaged: boolean, answers: readonly Answer[]): Installation {
  if (!isPackaged) return 'from-source';
  return answers.length > 0 && answers.every((answer) => answer === 'refused') ? 'for-everybody' : 'for-this-user';
}

const refusals: ReadonlySet<unknown> = new Set(['EPERM', 'EACCES', 'EROFS']);
export const answerOf = (error: unknown): Answer =>
  error instanceof Error && 'code' in error && refusals.has(error.code) ? 'refused' : 'unclear';

/** Tries the program, and whether a file could be put beside it: a library there is loaded by it. Nothing is left behind. */
export async function tryWriting(executable: string, resources: string): Promise<readonly Answer[]> {
  return await Promise.all([
    opening(() => open(executable, 'r+')),
    ...[path.dirname(executable), resources].map(async (folder) => {
      const file = path.join(folder, `.hypernest-${randomUUID()}`);
      const answer = await opening(() => open(file, 'wx'));
      if (answer === 'written') await rm(file, { force: true }).catch(() => undefined);
      return answer;
    }),
  ]);
}

async function opening(begin: () => ReturnType<typeof open>): Promise<Answer> {
  try {
    await (await begin()).close();
    return 'written';
  } catch (error) {
    return answerOf(error);
  }
}
