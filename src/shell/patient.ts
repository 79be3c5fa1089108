/** Another program holds a file for a moment, as scanners and indexers of Windows do: asked again, ever more seldom. */
import { setTimeout as wait } from 'node:timers/promises';
import { isHeld } from './replace-file.js';

/** Milliseconds */
const pauses = [20, 40, 80, 160, 300] as const;

export async function whenFree<Value>(act: () => Promise<Value>): Promise<Value> {
  for (const pause of pauses)
    try {
      return await act();
    } catch (error) {
      if (!isHeld(error)) throw error;
      await wait(pause);
    }
  return await act();
}
