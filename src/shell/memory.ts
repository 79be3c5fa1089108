/** Gives memory back once the window is closed: the heap that it grew to is kept by V8 for as long as nothing asks. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** A second time moves what survived the first out of the space for what is young. */
const rounds = 2;

export function giveBackMemory(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('globalThis.gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect !== 'function') return;
  for (let round = 0; round < rounds; round++)
    Reflect.apply(collect, undefined, [{ type: 'major', execution: 'sync', flavor: 'last-resort' }]);
}
