/** Call → PowerShell text, as tokens for the eye and as a script that runs as it stands on Windows PowerShell 5.1. */
import type { Guid, HostCall, MachineRef, Target } from '../cmdlets/call.js';
import { cmdlets, type CatalogEntry } from '../cmdlets/catalog.js';
import type { Role } from '../machine/machine.js';
import { UNKNOWN } from '../network/things.js';
import type { Chain, Plan, Step, StepId } from './step.js';

/**
 * `id`: a GUID or adapter id inside quotes: shortened for the eye only. `made`: of a thing that a run is to make first; no
 * machine has what stands for it, so a script that is run before its time stops there.
 */
export interface ScriptToken {
  readonly kind: 'cmdlet' | 'parameter' | 'string' | 'id' | 'made' | 'variable' | 'number' | 'plain';
  readonly text: string;
}
export type ScriptLine = readonly ScriptToken[];

/** One numbered part; `step` is null for the reads at the end. Line = tokens. */
export interface ScriptPart {
  readonly step: StepId | null;
  readonly number: number;
  readonly at: MachineRef;
  readonly lines: readonly ScriptLine[];
  /** Before them in a script that runs without the app, which checks the same by itself. */
  readonly guards?: readonly ScriptLine[];
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

const idToken = (id: string): ScriptToken => ({ kind: id === UNKNOWN ? 'made' : 'id', text: quote(id) });

const guid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

function valueToken(value: unknown): ScriptToken {
  if (typeof value === 'boolean') return { kind: 'variable', text: value ? '$true' : '$false' };
  if (typeof value === 'number') return { kind: 'number', text: String(value) };
  const text = String(value);
  if (guid.test(text)) return { kind: 'id', text: quote(text) };
  // Enum members and the like are plain words; everything else is quoted.
  return /^[A-Za-z]\w*$/.test(text) ? plain(text) : { kind: 'string', text: quote(text) };
}

/** No adapter has the index 0: it stands for that of one that comes with a switch to be made. */
const tokenOf = (name: string, value: unknown): ScriptToken =>
  name === 'InterfaceIndex' && value === 0 ? { kind: 'made', text: '0' } : valueToken(value);

function parameterTokens(entry: CatalogEntry, name: string, value: unknown): readonly ScriptToken[] {
  const isSwitch =
    entry.params[name] === 'SwitchParameter' ||
    (entry.fixed !== undefined && name in entry.fixed && !(name in entry.params));
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
    ...values.flatMap((one, index) => [...(index > 0 ? [plain(', ')] : []), tokenOf(name, one)]),
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
  return [cmdlet('Where-Object'), plain(` ${property} `), { kind: 'parameter', text: '-eq ' }, idToken(equals), pipe];
}

function targetTokens(on: Target | undefined): readonly ScriptToken[] {
  if (!on || 'call' in on) return [];
  if ('nat' in on) return [cmdlet('Get-NetNat'), pipe, ...whereTokens('InstanceID', on.nat)];
  if ('switch' in on) return [cmdlet('Get-VMSwitch'), { kind: 'parameter', text: ' -Id ' }, idToken(on.switch), pipe];
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

const limit = { kind: 'variable', text: '$limit' } as const;
const number = (text: number): ScriptToken => ({ kind: 'number', text: String(text) });

/** A loop that ends when the condition no longer holds, or throws when the time is over. */
function waitLoop(condition: readonly ScriptToken[], atMost: number, pause: number): readonly ScriptLine[] {
  return [
    [limit, plain(' = [DateTime]::UtcNow.AddSeconds('), number(atMost), plain(')')],
    [
      plain('while ('),
      ...condition,
      plain(') { if ([DateTime]::UtcNow -gt '),
      limit,
      plain(") { throw 'timed out' }; "),
      cmdlet('Start-Sleep'),
      { kind: 'parameter', text: ' -Seconds ' },
      number(pause),
      plain(' }'),
    ],
  ];
}

/** What is found by a filter can be nothing, and a pipeline of nothing succeeds: it stops instead, as the app does. */
function onlyOne(on: Target | undefined): readonly ScriptLine[] {
  if (!on || !('adapter' in on || 'nat' in on)) return [];
  return [
    [
      plain('if (@('),
      ...targetTokens(on).slice(0, -1),
      plain(').Count'),
      { kind: 'parameter', text: ' -ne ' },
      number(1),
      plain(") { throw 'not found' }"),
    ],
  ];
}

function renderStep(step: Step): readonly ScriptLine[] {
  if ('call' in step.do) return [renderCall(step.do.call)];
  const { wait, atMost } = step.do;
  if ('role' in wait)
    return waitLoop([plain('-not ('), ...roleTokens(wait.vm, wait.role, wait.is), plain(')')], atMost, 5);
  const condition: readonly ScriptToken[] = [
    plain('('),
    cmdlet('Get-VM'),
    { kind: 'parameter', text: ' -Id ' },
    { kind: 'id', text: quote(wait.vm) },
    plain(').Heartbeat'),
    { kind: 'parameter', text: ' -notlike ' },
    { kind: 'string', text: "'Ok*'" },
  ];
  return waitLoop(condition, atMost, 1);
}

function guardsOf({ do: act }: Step): { readonly guards?: readonly ScriptLine[] } {
  const guards = 'call' in act ? onlyOne(act.call.on) : [];
  return guards.length > 0 ? { guards } : {};
}

const featureOf: Readonly<Record<Role, string>> = {
  'hyper-v': 'Microsoft-Hyper-V',
  'virtual-machine-platform': 'VirtualMachinePlatform',
  'hypervisor-platform': 'HypervisorPlatform',
};

/** Asked from the machine around it: while it restarts nobody answers inside. */
function roleTokens(vm: Guid, role: Role, is: boolean): readonly ScriptToken[] {
  return [
    cmdlet('Invoke-Command'),
    { kind: 'parameter', text: ' -VMId ' },
    { kind: 'id', text: quote(vm) },
    { kind: 'parameter', text: ' -Credential ' },
    { kind: 'variable', text: accountOf(vm) },
    { kind: 'parameter', text: ' -ErrorAction ' },
    plain('SilentlyContinue'),
    { kind: 'parameter', text: ' -ScriptBlock ' },
    plain('{ ('),
    cmdlet('Get-WindowsOptionalFeature'),
    { kind: 'parameter', text: ' -Online -FeatureName ' },
    plain(featureOf[role]),
    plain(').State'),
    { kind: 'parameter', text: ' -eq ' },
    { kind: 'string', text: quote(is ? 'Enabled' : 'Disabled') },
    plain(' }'),
  ];
}

/** Holds what the script asks for: the account of a machine that it goes into. Made of hexadecimal digits only. */
const accountOf = (vm: Guid): string => `$account_${vm.replace(/[^0-9a-f]/gi, '').slice(0, 8)}`;

/** What is read again at the end, for each VM of the plan. */
function readAgain({ vm, steps }: Chain): readonly ScriptLine[] {
  const paths = steps
    .flatMap(({ changes }) => changes.filter(({ path }) => path.startsWith(vm)))
    .map(({ path }) => path.slice(vm.length + 1));
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
    ...(isAny('memory.dynamic', 'memory.startup', 'memory.minimum', 'memory.maximum')
      ? ['DynamicMemoryEnabled', 'MemoryStartup', 'MemoryMinimum', 'MemoryMaximum']
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
}

/** What is inside, where something was made or turned on there. */
function readInside({ steps }: Chain): readonly ScriptLine[] {
  const makes = new Set(steps.flatMap((step) => step.makes?.what ?? []));
  const roles = new Set(steps.flatMap(({ do: act }) => ('wait' in act && 'role' in act.wait ? [act.wait.role] : [])));
  const select = (source: readonly ScriptToken[], properties: string): ScriptLine => [
    ...source,
    pipe,
    cmdlet('Select-Object'),
    plain(` ${properties}`),
  ];
  return [
    ...[...roles].map((role) =>
      select(
        [
          cmdlet('Get-WindowsOptionalFeature'),
          { kind: 'parameter', text: ' -Online -FeatureName ' },
          plain(featureOf[role]),
        ],
        'FeatureName, State',
      ),
    ),
    ...(makes.has('switch') ? [select([cmdlet('Get-VMSwitch')], 'Name, Id, SwitchType')] : []),
    ...(makes.has('nat') ? [select([cmdlet('Get-NetNat')], 'Name, InternalIPInterfaceAddressPrefix')] : []),
  ];
}

export function renderPlan(plan: Pick<Plan, 'chains'>): readonly ScriptPart[] {
  const steps = plan.chains.flatMap((chain) => chain.steps);
  const around = new Map(plan.chains.map(({ vm, at = [] }) => [vm, at]));
  const at = (step: Step): MachineRef => ('call' in step.do ? step.do.call.at : (around.get(step.vm) ?? []));
  const parts = steps.map((step) => ({
    step: step.id,
    number: step.number,
    at: at(step),
    lines: renderStep(step),
    ...guardsOf(step),
  }));
  const last = (steps.at(-1)?.number ?? 0) + 1;
  const reads = new Map<string, { readonly at: MachineRef; readonly lines: ScriptLine[] }>();
  for (const chain of plan.chains) {
    const { at: outer = [], vm } = chain;
    for (const [path, lines] of [
      [outer, readAgain(chain)],
      [[...outer, vm], readInside(chain)],
    ] as const) {
      const key = path.join('/');
      const part = reads.get(key) ?? { at: path, lines: [] };
      part.lines.push(...lines);
      if (part.lines.length > 0) reads.set(key, part);
    }
  }
  return [...parts, ...[...reads.values()].map((read) => ({ step: null, number: last, ...read }))];
}

export const lineText = (line: ScriptLine): string => line.map(({ text }) => text).join('');

/**
 * The exported script (CRLF; the caller puts the BOM before it, so that 5.1 reads it as UTF-8). Comments hold no names: a name
 * in a comment could end it.
 */
export function toScript(parts: readonly ScriptPart[]): string {
  const entered = [...new Set(parts.flatMap(({ at, lines }) => [...at, ...lines.flatMap(accountsIn)]))];
  const head = [
    '#Requires -Version 5.1',
    '# Made by Hypernest. Machines are found by their ids. It stops at the first error.',
    'Set-StrictMode -Version Latest',
    "$ErrorActionPreference = 'Stop'",
    'Import-Module Hyper-V -MinimumVersion 2.0',
    // The password is asked for when the script runs; it is never in it.
    ...entered.map((vm) => `${accountOf(vm)} = Get-Credential -Message ${quote(`Inside ${vm}`)}`),
    '',
  ];
  const body = parts.flatMap(({ step, number, at, lines, guards = [] }) => [
    step === null ? '# Read again' : `# ${number}`,
    ...inside(
      at,
      [...guards, ...lines].map((line) => lineText(line)),
    ),
    '',
  ]);
  return [...head, ...body].join('\r\n');
}

/** Ids of machines that a line goes into by itself. */
function accountsIn(line: ScriptLine): readonly Guid[] {
  const vm = line.findIndex(({ text }) => text === ' -VMId ');
  const id = vm < 0 ? undefined : line[vm + 1]?.text;
  return id === undefined ? [] : [id.replace(/'/g, '')];
}

/** Lines as they run inside a machine: through PowerShell Direct, by the id of the machine. */
function inside(at: MachineRef, lines: readonly string[]): readonly string[] {
  const [outer, inner, ...rest] = at;
  if (outer === undefined) return lines;
  const account = accountOf(outer);
  if (inner === undefined)
    return [`Invoke-Command -VMId '${outer}' -Credential ${account} -ScriptBlock {`, stopInside, ...lines, '}'];
  const next = accountOf(inner);
  return [
    `Invoke-Command -VMId '${outer}' -Credential ${account} -ArgumentList ${next} -ScriptBlock {`,
    `param(${next})`,
    ...inside([inner, ...rest], lines),
    '}',
  ];
}
/** Functions of script modules (NetNat, NetTCPIP) see only the global preference. */
const stopInside = "$global:ErrorActionPreference = 'Stop'";
