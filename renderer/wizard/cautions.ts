/** What a review warns of, with the VMs as they are now. */
import { idOf } from '../../src/core/cmdlets/ref.js';
import type { Chain, Plan } from '../../src/core/change/step.js';
import { pathOf, rolePath } from '../../src/core/change/paths.js';
import { nameOfSetting } from '../../src/core/change/values.js';
import type { Vm } from '../../src/core/machine/machine.js';
import type { Translator, Words } from '../../src/text/index.js';
import { rowsOf } from './groups.js';
import { goesDown } from './sentences.js';

type VmOf = (chain: Chain) => Vm | undefined;

/** Chains that go down with nested VMs that nobody could look at. */
export const unseenIn = ({ chains }: Plan, vmOf: VmOf): readonly Chain[] =>
  chains.filter((chain) => {
    const vm = goesDown(chain) ? vmOf(chain) : undefined;
    return vm?.nested === null && vm.nesting === true && vm.inside !== 'no';
  });

/** Hyper-V is turned on inside: as long as it runs there, the memory stands still at so many bytes. */
export const freezingIn = (
  { chains }: Plan,
  vmOf: VmOf,
): readonly { readonly chain: Chain; readonly memory: number }[] =>
  chains.flatMap((chain) => {
    const rows = rowsOf(chain);
    const isOn = rows.some(
      ({ change: { path, to } }) => path === rolePath(idOf(chain.vm), 'hyper-v') && to === 'Enabled',
    );
    const { assigned = 0, startup } = vmOf(chain)?.memory ?? {};
    const set = rows.find(({ change }) => change.path === pathOf(idOf(chain.vm), 'memory.startup'))?.change.to;
    const memory = typeof set === 'number' ? set : assigned > 0 ? assigned : startup;
    return isOn && memory !== undefined ? [{ chain, memory }] : [];
  });

export interface Loss {
  readonly key: string;
  readonly setting: Words;
  readonly reason: Words;
  /** Of the VMs that lose it. */
  readonly names: readonly string[];
}

/** What cannot be undone: VMs that lose the same for the same reason stand together. */
export function lossesOf(t: Translator, { oneWay, chains }: Plan): readonly Loss[] {
  const names = new Map(chains.map((chain) => [chain.vm, chain.name]));
  const losses = new Map<string, Loss>();
  for (const { vm, path, reason: why } of oneWay) {
    const [setting, reason] = [t.message(nameOfSetting(path)), t.message(why)];
    const key = `${setting} ${reason}`;
    const of = losses.get(key)?.names ?? [];
    losses.set(key, { key, setting, reason, names: [...of, names.get(vm) ?? idOf(vm)] });
  }
  return [...losses.values()];
}

/** Chains in which Hyper-V is turned off inside: what Windows has turned on along with it stays. */
export const leavesFeatures = ({ chains }: Plan): readonly Chain[] =>
  chains.filter((chain) =>
    rowsOf(chain).some(({ change: { path, to } }) => path === rolePath(idOf(chain.vm), 'hyper-v') && to === 'Disabled'),
  );
