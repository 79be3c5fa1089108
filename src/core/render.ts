/** Call → PowerShell text, as tokens for the eye and as a script that runs as it stands on Windows PowerShell 5.1. */
import type { HostCall, MachineRef, Target } from './call.js';
import { cmdlets, type CatalogEntry } from './cmdlets.js';
import type { Plan, Step, StepId } from './plan.js';

/** `id`: a GUID or adapter id inside quotes: shortened for the eye only. */
export interface ScriptToken {
  readonly kind: 'cmdlet' | 'parameter' | 'string' | 'id' | 'variable' | 'number' | 'plain';
  readonly text: string;
}
export type ScriptLine = readonly ScriptToken[];

/** One numbered part; `step` is null for the reads at the end. Line = tokens. */
export interface ScriptPart {
  readonly step: StepId | null;
  readonly number: number;
  readonly at: MachineRef;
  readonly lines: readonly ScriptLine[];
}

const plain = (text: string): ScriptToken => ({ kind: 'plain', text });
const pipe = plain(' | ');
const cmdlet = (text: string): ScriptToken => ({ kind: 'cmdlet', text });

/**
 * A string literal. PowerShell takes five characters for a single quote (U+0027, U+2018–201B): each is doubled. A text with
 * control characters is spelt out, so that no line end or escape reaches the terminal; so is one that turns the direction of
 * reading, which would show another line than is run, and one with half a character, which a file cannot hold.
 */
export function quote(text: string): string {
  if (/[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u.test(text)) {
    const codes = Array.from({ length: text.length }, (_, index) => String(text.charCodeAt(index)));
    return `([string]::new([char[]](${codes.join(',')})))`;
  }
  return `'${text.replace(/['\u2018-\u201b]/g, '$&$&')}'`;
}

const guid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

function valueToken(value: unknown): ScriptToken {
  if (typeof value === 'boolean') return { kind: 'variable', text: value ? '$true' : '$false' };
  if (typeof value === 'number') return { kind: 'number', text: String(value) };
  const text = String(value);
  if (guid.test(text)) return { kind: 'id', text: quote(text) };
  // Enum members and the like are plain words; everything else is quoted.
  return /^[A-Za-z]\w*$/.test(text) ? plain(text) : { kind: 'string', text: quote(text) };
}

function parameterTokens(entry: CatalogEntry, name: string, value: unknown): readonly ScriptToken[] {
  const isSwitch = entry.params[name] === 'SwitchParameter' || (entry.fixed !== undefined && name in entry.fixed);
  if (isSwitch && typeof value === 'boolean')
    // A switch takes its value with a colon; -Confirm:$false must be said, a true one need not.
    return value
      ? [{ kind: 'parameter', text: ` -${name}` }]
      : [
          { kind: 'parameter', text: ` -${name}:` },
          { kind: 'variable', text: '$false' },
        ];
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return [
    { kind: 'parameter', text: ` -${name} ` },
    ...values.flatMap((one, index) => [...(index > 0 ? [plain(', ')] : []), valueToken(one)]),
  ];
}

function commandTokens(call: HostCall): readonly ScriptToken[] {
  const entry: CatalogEntry = cmdlets[call.cmdlet];
  const all: Readonly<Record<string, unknown>> = { ...entry.fixed, ...call.params };
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  return [
    cmdlet(entry.cmdlet ?? call.cmdlet),
    ...given.flatMap(([name, value]) => parameterTokens(entry, name, value)),
  ];
}

function whereTokens(property: string, equals: string): readonly ScriptToken[] {
  return [
    cmdlet('Where-Object'),
    plain(` ${property} `),
    { kind: 'parameter', text: '-eq ' },
    { kind: 'id', text: quote(equals) },
    pipe,
  ];
}

function targetTokens(on: Target | undefined): readonly ScriptToken[] {
  if (!on || 'call' in on) return [];
  if ('nat' in on) return [cmdlet('Get-NetNat'), pipe, ...whereTokens('InstanceID', on.nat)];
  if ('switch' in on)
    return [cmdlet('Get-VMSwitch'), { kind: 'parameter', text: ' -Id ' }, { kind: 'id', text: quote(on.switch) }, pipe];
  const vm: readonly ScriptToken[] = [
    cmdlet('Get-VM'),
    { kind: 'parameter', text: ' -Id ' },
    { kind: 'id', text: quote(on.vm) },
    pipe,
  ];
  if (!('adapter' in on)) return vm;
  return [...vm, cmdlet('Get-VMNetworkAdapter'), pipe, ...whereTokens('Id', on.adapter)];
}

/** `Get-VM -Id '…' | Set-VMProcessor -ExposeVirtualizationExtensions $true`: found by its id, through the pipeline. */
export const renderCall = (call: HostCall): ScriptLine => [...targetTokens(call.on), ...commandTokens(call)];

function renderStep(step: Step): readonly ScriptLine[] {
  if ('call' in step.do) return [renderCall(step.do.call)];
  const { wait, atMost } = step.do;
  const condition: readonly ScriptToken[] = [
    plain('('),
    cmdlet('Get-VM'),
    { kind: 'parameter', text: ' -Id ' },
    { kind: 'id', text: quote(wait.vm) },
    plain(').Heartbeat'),
    { kind: 'parameter', text: ' -notlike ' },
    { kind: 'string', text: "'Ok*'" },
  ];
  const limit = { kind: 'variable', text: '$limit' } as const;
  return [
    [limit, plain(' = [DateTime]::UtcNow.AddSeconds('), { kind: 'number', text: String(atMost) }, plain(')')],
    [
      plain('while ('),
      ...condition,
      plain(') { if ([DateTime]::UtcNow -gt '),
      limit,
      plain(") { throw 'timed out' }; "),
      cmdlet('Start-Sleep'),
      { kind: 'parameter', text: ' -Seconds ' },
      { kind: 'number', text: '1' },
      plain(' }'),
    ],
  ];
}

/** What is read again at the end, for each VM of the plan. */
function readAgain(plan: Pick<Plan, 'chains'>): readonly ScriptLine[] {
  return plan.chains.flatMap(({ vm, steps }) => {
    const paths = steps.flatMap(({ changes }) => changes.map(({ path }) => path.slice(vm.length + 1)));
    const isAny = (...names: readonly string[]): boolean => paths.some((path) => names.includes(path));
    const select = (source: readonly ScriptToken[], properties: string): ScriptLine => [
      cmdlet('Get-VM'),
      { kind: 'parameter', text: ' -Id ' },
      { kind: 'id', text: quote(vm) },
      pipe,
      ...source,
      cmdlet('Select-Object'),
      plain(` ${properties}`),
    ];
    const onVm = [
      ...(isAny('power', 'savedState') ? ['State'] : []),
      ...(isAny('version') ? ['Version'] : []),
      ...(isAny('memory.startup', 'memory.minimum', 'memory.maximum')
        ? ['MemoryStartup', 'MemoryMinimum', 'MemoryMaximum']
        : []),
      ...(isAny('stopAction') ? ['AutomaticStopAction'] : []),
      ...(isAny('automaticCheckpoints') ? ['AutomaticCheckpointsEnabled'] : []),
    ];
    return [
      ...(isAny('nesting') ? [select([cmdlet('Get-VMProcessor'), pipe], 'ExposeVirtualizationExtensions')] : []),
      ...(paths.some((path) => path.startsWith('adapters/'))
        ? [select([cmdlet('Get-VMNetworkAdapter'), pipe], 'Id, MacAddressSpoofing')]
        : []),
      ...(onVm.length > 0 ? [select([], onVm.join(', '))] : []),
    ];
  });
}

export function renderPlan(plan: Pick<Plan, 'chains'>): readonly ScriptPart[] {
  const steps = plan.chains.flatMap((chain) => chain.steps);
  const at = (step: Step): MachineRef => ('call' in step.do ? step.do.call.at : []);
  const parts = steps.map((step) => ({ step: step.id, number: step.number, at: at(step), lines: renderStep(step) }));
  const reads = readAgain(plan);
  if (reads.length === 0) return parts;
  const last = steps.at(-1);
  return [...parts, { step: null, number: (last?.number ?? 0) + 1, at: last ? at(last) : [], lines: reads }];
}

export const lineText = (line: ScriptLine): string => line.map(({ text }) => text).join('');

/**
 * The exported script (CRLF; the caller puts the BOM before it, so that 5.1 reads it as UTF-8). Comments hold no names: a name
 * in a comment could end it.
 */
export function toScript(parts: readonly ScriptPart[]): string {
  const head = [
    '#Requires -Version 5.1',
    '# Made by Hypernest. Machines are found by their ids. It stops at the first error.',
    'Set-StrictMode -Version Latest',
    "$ErrorActionPreference = 'Stop'",
    'Import-Module Hyper-V -MinimumVersion 2.0',
    '',
  ];
  const body = parts.flatMap(({ step, number, lines }) => [
    step === null ? '# Read again' : `# ${number}`,
    ...lines.map((line) => lineText(line)),
    '',
  ]);
  return [...head, ...body].join('\r\n');
}
