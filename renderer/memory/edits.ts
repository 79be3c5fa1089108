/** What a person changes of a VM's memory: what is wrong with it, and what is asked for. Pure. */
import type { MemoryWant } from '../../src/core/machine/goal.js';
import type { Vm } from '../../src/core/machine/machine.js';
import type { Message } from '../../src/text/index.js';

export type Amount = 'startup' | 'minimum' | 'maximum';
/** Only what was touched. */
export type Edits = MemoryWant;

/** As it would be. */
export const withEdits = (memory: Vm['memory'], edits: Edits): Vm['memory'] => ({ ...memory, ...edits });

/** Said at once at the field that should give way. `memory`: bytes of this PC. */
export function problemsOf(after: Vm['memory'], memory: number | undefined, pc: string): ReadonlyMap<Amount, Message> {
  const { dynamic, startup, minimum, maximum } = after;
  const problems = new Map<Amount, Message>();
  if (startup === undefined) return problems;
  if (memory !== undefined && startup > memory)
    problems.set('startup', { key: 'memory.moreThanPc', params: { memory, pc } });
  if (dynamic !== true) return problems;
  if (minimum !== undefined && minimum > startup)
    problems.set('minimum', { key: 'memory.aboveStartup', params: { memory: startup } });
  if (maximum !== undefined && maximum < startup)
    problems.set('maximum', { key: 'memory.belowStartup', params: { memory: startup } });
  return problems;
}

/** null: nothing differs. Fixed memory has no limits to ask for: Windows refuses them. */
export function memoryWantOf(memory: Vm['memory'], edits: Edits): MemoryWant | null {
  const isDynamic = withEdits(memory, edits).dynamic === true;
  const { dynamic, startup, minimum, maximum } = edits;
  const want: MemoryWant = {
    ...(dynamic === undefined || dynamic === memory.dynamic ? {} : { dynamic }),
    ...(startup === undefined || startup === memory.startup ? {} : { startup }),
    ...(!isDynamic || minimum === undefined || minimum === memory.minimum ? {} : { minimum }),
    ...(!isDynamic || maximum === undefined || maximum === memory.maximum ? {} : { maximum }),
  };
  return Object.keys(want).length === 0 ? null : want;
}
