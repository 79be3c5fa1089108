/**
 * A disk that fails: imported before what is tested, it stands between that and node:fs. Where `fail` names a code for an act on
 * a path, the act throws it, as the system would; all else is done for real.
 */
import fs from 'node:fs';

type Act = 'make' | 'open' | 'write' | 'rename' | 'read' | 'remove';

let failing: (act: Act, at: string) => string | undefined = () => undefined;
/** Until the next call. */
export function fail(how: typeof failing): void {
  failing = how;
}
export const heal = (): void => fail(() => undefined);

/** By the number that open gave. */
const opened = new Map<number, string>();

function refuse(act: Act, at: unknown): void {
  const where = typeof at === 'number' ? (opened.get(at) ?? '') : String(at);
  const code = failing(act, where);
  if (code === undefined) return;
  throw Object.assign(new Error(`${code}: told by the test, ${act} 'C:${where}'`), { code, path: where });
}

const acts = {
  mkdirSync: 'make',
  openSync: 'open',
  writeFileSync: 'write',
  writeSync: 'write',
  appendFileSync: 'write',
  fsyncSync: 'write',
  copyFileSync: 'write',
  renameSync: 'rename',
  readFileSync: 'read',
  rmSync: 'remove',
} as const satisfies Partial<Record<keyof typeof fs, Act>>;

type AnyCall = (...args: unknown[]) => unknown;
const mutable = fs as unknown as Record<string, AnyCall> & { promises: Record<string, AnyCall> };
for (const [name, act] of Object.entries(acts)) {
  const real = mutable[name] as AnyCall;
  mutable[name] = (...args) => {
    // What a write or a rename makes is refused, not what it is made of.
    refuse(act, name === 'renameSync' || name === 'copyFileSync' ? args[1] : args[0]);
    const answer = real.apply(fs, args);
    if (name === 'openSync') opened.set(answer as number, String(args[0]));
    return answer;
  };
}
for (const [name, act, nth] of [
  ['writeFile', 'write', 0],
  ['rename', 'rename', 1],
] as const) {
  const real = mutable.promises[name] as AnyCall;
  mutable.promises[name] = async (...args) => {
    refuse(act, args[nth]);
    return await real.apply(fs.promises, args);
  };
}
