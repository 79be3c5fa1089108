/** What a wish for memory comes to, with the limits that have to go along. */
import type { MemoryWant } from '../machine/goal.js';
import type { Vm } from '../machine/machine.js';

export function memoryAsked(memory: Vm['memory'], want: MemoryWant): MemoryWant {
  const { dynamic, startup } = want;
  return {
    ...(dynamic === undefined ? {} : { dynamic }),
    ...(startup === undefined ? {} : { startup }),
    ...limitsFor(memory, want),
  };
}

/** Dynamic memory's startup lies between its minimum and maximum, or Windows refuses it: the limits go along, and are shown. */
function limitsFor(memory: Vm['memory'], want: MemoryWant): Pick<MemoryWant, 'minimum' | 'maximum'> {
  const { dynamic = memory.dynamic, startup = memory.startup, minimum, maximum } = want;
  // Without dynamic memory there are no limits to set: Windows refuses them.
  if (dynamic === false && memory.dynamic !== true) return {};
  const asked = { ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }) };
  const moves = want.startup !== undefined || dynamic !== memory.dynamic;
  if (startup === undefined || dynamic !== true || !moves) return asked;
  return {
    ...(memory.minimum !== undefined && startup < memory.minimum ? { minimum: startup } : {}),
    ...(memory.maximum !== undefined && startup > memory.maximum ? { maximum: startup } : {}),
    ...asked,
  };
}
