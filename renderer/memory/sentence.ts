/** One sentence about a VM's memory that is true now: what it has, whether it moves, and what it would take to move. Pure. */
import type { Vm } from '../../src/core/machine/machine.js';
import { isSaved, isTransitional, plainState } from '../../src/core/machine/vm-state.js';
import type { Translator } from '../../src/text/index.js';
import { stateKey } from '../../src/core/machine/state-words.js';

/** `pc`: the name of the machine that it is on. */
export function memorySentence(t: Translator, vm: Vm, pc: string): string {
  const { name, state, memory } = vm;
  const { dynamic, startup, minimum, maximum } = memory;
  if (state === undefined || dynamic === undefined) return t('memory.unread');
  const plain = plainState(state);
  if (isTransitional(state)) return t('memory.between', { state: t(stateKey(state)) });
  if (isSaved(state)) return t('memory.saved', { pc });
  if (plain === 'Off') {
    if (startup === undefined) return t('memory.unread');
    if (!dynamic) return t('memory.offFixed', { memory: startup });
    const how =
      minimum === undefined || maximum === undefined
        ? t('memory.offPlain', { memory: startup })
        : t('memory.offDynamic', { memory: startup, minimum, maximum });
    return vm.nesting ? said(t, how, t('memory.freezes')) : how;
  }
  const now = memory.assigned;
  if (now === undefined) return t('memory.unread');
  if (plain === 'Paused') return t('memory.paused', { memory: now });
  return dynamic ? moving(t, vm, now) : fixed(t, vm, now, name);
}

const said = (t: Translator, ...sentences: readonly string[]): string => sentences.join(t('wizard.between'));

function moving(t: Translator, vm: Vm, now: number): string {
  const { name, nesting, inside } = vm;
  const { minimum, maximum } = vm.memory;
  const demand = demandOf(vm);
  if (inside === 'certainly' || inside === 'probably')
    return said(
      t,
      t(inside === 'certainly' ? 'memory.frozen' : 'memory.frozenProbably', { memory: now }),
      demand === undefined
        ? t('memory.stays', { name })
        : t(demand > now ? 'memory.wants' : 'memory.needs', { demand, name }),
    );
  const how =
    minimum === undefined || maximum === undefined
      ? t('memory.dynamicPlain', { memory: now })
      : t('memory.dynamic', { memory: now, minimum, maximum });
  return said(
    t,
    how,
    ...(demand === undefined ? [] : [t('memory.likes', { demand })]),
    ...(inside === 'unknown' ? [t('memory.unknownDynamic')] : nesting ? [t('memory.freezes')] : []),
  );
}

function fixed(t: Translator, { inside, nesting }: Vm, now: number, name: string): string {
  const how = t('memory.fixed', { memory: now });
  if (inside === 'certainly') return said(t, how, t('memory.fixedFrozen', { name }));
  if (inside === 'probably') return said(t, how, t('memory.fixedProbably', { name }));
  if (inside === 'unknown') return said(t, how, t('memory.unknownFixed'));
  return nesting ? said(t, how, t('memory.fixedFreezes', { name })) : how;
}

/** Windows tells 0 where the guest tells nothing. */
const demandOf = ({ memory }: Vm): number | undefined => memory.demand || undefined;
