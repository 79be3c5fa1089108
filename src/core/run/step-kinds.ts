/** What a step does, where a run treats it in a way of its own. */
import type { Step } from '../change/step.js';
import type { HostCall } from '../cmdlets/call.js';

export const isCall = ({ do: act }: Step, cmdlet: HostCall['cmdlet']): boolean =>
  'call' in act && act.call.cmdlet === cmdlet;
export const isShutDown = (step: Step): boolean => isCall(step, 'Stop-VM');
export const isGoingDown = (step: Step): boolean => isShutDown(step) || isCall(step, 'Stop-VM/TurnOff');
