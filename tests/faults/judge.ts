/** Whether a simulated PC is as it has to be after a person has decided. Knows the goal as it was said by hand, and no plan. */
import type { Kind } from './kinds.js';
import { there } from './kinds.js';
import { differences, type Difference, type State } from './state.js';

/** What time and a restart change in a VM that a plan names, and nothing brings back. */
const passing = [
  /^(startedAt|ranBefore|bootedAt|lastStateChange|lastConfigurationChange|nestedEntries|resized)$/,
  /^(hypervisorInside|hypervisorByHand|parentCheckpoint)$/,
  /^checkpoints\/Automatic Checkpoint/,
  /^guest\/machine\/network\/starts$/,
  /^guest\/machine\/vms\/[^/]+\/(startedAt|ranBefore|bootedAt|lastStateChange|lastConfigurationChange|nestedEntries)$/,
];
/** Machines inside go down with the one around them, which the review says before. */
const goesDown = /^guest\/machine\/vms\/[^/]+\/state$/;

const isAt = (path: string, start: string): boolean => path === start || path.startsWith(`${start}/`);

/** Differences that no plan of this kind may leave, whatever was decided. */
function left(before: State, after: State, { names, oneWay }: Judged): readonly Difference[] {
  return differences(before, after).filter(({ path }) => {
    const name = names.find((one) => isAt(path, `vms/${one}`));
    if (name === undefined) return true;
    const own = path.slice(`vms/${name}/`.length);
    const restarted = before.get(`vms/${name}/bootedAt`) !== after.get(`vms/${name}/bootedAt`);
    if (passing.some((one) => one.test(own)) || (restarted && goesDown.test(own))) return false;
    return !oneWay.some((one) => isAt(path, one));
  });
}

/** VMs that the goal names: everything else has to be the same to the last time of a change. */
type Judged = Pick<Kind, 'goal' | 'oneWay'> & { readonly names: readonly string[] };

const words = ({ path, from = 'nothing', to = 'nothing' }: Difference): string => `${path}: ${from} -> ${to}`;

export const notAsBefore = (before: State, after: State, judged: Judged): readonly string[] =>
  left(before, after, judged).map(words);

export function notAsWanted(before: State, after: State, judged: Judged): readonly string[] {
  const wanted = Object.entries(judged.goal);
  const missing = wanted.flatMap(([path, value]) => {
    const now = after.get(path);
    const is = value === there ? [...after.keys()].some((one) => isAt(one, path)) : now === JSON.stringify(value);
    return is ? [] : [`${path}: wanted ${value === there ? 'there' : JSON.stringify(value)}, is ${now ?? 'nothing'}`];
  });
  const other = left(before, after, judged).filter(({ path }) => !wanted.some(([one]) => isAt(path, one)));
  return [...missing, ...other.map(words)];
}

export const notTheSame = (before: State, after: State): readonly string[] => differences(before, after).map(words);
