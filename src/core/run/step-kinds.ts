/** What a step does, where a run treats it in a way of its own. */
import type { Step } from '../change/step.js';
import type { HostCall } from '../cmdlets/call.js';
import type { StepProgress } from './progress.js';

export const isCall = ({ do: act }: Step, cmdlet: HostCall['cmdlet']): boolean =>
  'call' in act && act.call.cmdlet === cmdlet;
export const isShutDown = (step: Step): boolean => isCall(step, 'Stop-VM');
export const isGoingDown = (step: Step): boolean => isShutDown(step) || isCall(step, 'Stop-VM/TurnOff');

/**
 * It changed or made something, or may have: a value on its way (a feature that waits for a restart) is not as it was. A checkpoint that
 * was taken leaves all as it was.
 */
export const hasTouched = ({ step, state }: Pick<StepProgress, 'step' | 'state'>): boolean =>
  step.kind !== 'power' &&
  (state === 'done' || state === 'unknown') &&
  (step.changes.length > 0 || (step.makes !== undefined && step.makes.what !== 'checkpoint'));
