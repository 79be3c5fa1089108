/** Where the setup can be, and what its places are called. */
import type { SetupStep, StepId } from '../../src/core/change/setup.js';
import type { MessageKey } from '../../src/text/index.js';

export type Place = StepId | 'end';

export const placeNames = {
  purpose: 'setup.stepPurpose',
  pc: 'setup.stepPc',
  machine: 'setup.stepMachine',
  nesting: 'setup.stepNesting',
  memory: 'setup.stepMemory',
  inside: 'setup.stepInside',
  network: 'setup.stepNetwork',
  end: 'setup.stepEnd',
} as const satisfies Record<Place, MessageKey>;

/** The steps that this purpose needs, and their end. */
export const placesOf = (steps: readonly SetupStep[]): readonly Place[] => [
  ...steps.flatMap(({ id, state }) => (state === 'not-needed' ? [] : [id])),
  'end',
];

/** Where to go on: the first place from there on that is not done. */
export function goOnFrom(steps: readonly SetupStep[], from: StepId = 'purpose'): Place {
  const start = steps.findIndex(({ id }) => id === from);
  return steps.slice(start).find(({ state }) => state !== 'done' && state !== 'not-needed')?.id ?? 'end';
}

/** Where Next leads: past what is fine already, never past the choice of a VM. */
export function placeAfter(at: Place, steps: readonly SetupStep[]): Place | undefined {
  const places = placesOf(steps);
  const isPassed = (place: Place): boolean =>
    place !== 'machine' && steps.some(({ id, state }) => id === place && state === 'done');
  return places.slice(places.indexOf(at) + 1).find((place) => !isPassed(place));
}

/** Whether a place can be looked at: what it rests on has been chosen, and this PC is able to. */
export function isReachable(place: Place, steps: readonly SetupStep[]): boolean {
  const isDone = (id: StepId): boolean => steps.find((step) => step.id === id)?.state === 'done';
  switch (place) {
    case 'purpose':
      return true;
    case 'pc':
      return isDone('purpose');
    case 'machine':
      return isDone('purpose') && isDone('pc');
    default:
      return isDone('purpose') && isDone('pc') && isDone('machine');
  }
}
