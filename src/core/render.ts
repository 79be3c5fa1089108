/** Call → PowerShell text, as tokens for the eye and as a script that runs on Windows PowerShell 5.1. */
import type { MachineRef } from './call.js';
import type { StepId } from './plan.js';

/** `id`: a GUID or adapter id inside a string: shortened for the eye only. */
export interface ScriptToken {
  readonly kind: 'cmdlet' | 'parameter' | 'string' | 'id' | 'variable' | 'number' | 'plain';
  readonly text: string;
}

/** One numbered part; `step` is null for the reads at the end. Line = tokens. */
export interface ScriptPart {
  readonly step: StepId | null;
  readonly number: number;
  readonly at: MachineRef;
  readonly lines: readonly (readonly ScriptToken[])[];
}
