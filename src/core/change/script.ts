/** A plan as PowerShell: part by part for the eye, and as a script that runs as it stands on Windows PowerShell 5.1. */
import { vmIn, idOf, hostOf, isVmRef, wayTo, idsTo, type VmRef, type MachineRef } from '../cmdlets/ref.js';
import { partOf, type Guid, type Target } from '../cmdlets/call.js';
import { featureOf, type Role } from '../machine/roles.js';
import { shownAs } from './paths.js';
import { readMade, select } from './script-made.js';
import type { Chain, Plan, Step, StepId } from './step.js';
import {
  cmdlet,
  lineText,
  needsAdministrator,
  pipe,
  plain,
  quote,
  renderCall,
  targetTokens,
  vmTokens,
  type ScriptLine,
  type ScriptToken,
} from './tokens.js';

/** One numbered part; `step` is null for the reads at the end. Line = tokens. */
export interface ScriptPart {
  readonly step: StepId | null;
  readonly number: number;
  readonly at: MachineRef;
  readonly lines: readonly ScriptLine[];
  /** Before them in a script that runs without the app, which checks the same by itself. */
  readonly guards?: readonly ScriptLine[];
}

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
  if (!on || !('nat' in on || 'mapping' in on || 'dvd' in on || 'disk' in on || partOf(on))) return [];
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
    { kind: 'id', text: quote(idOf(wait.vm)) },
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

/** Asked from the machine around it: while it restarts nobody answers inside. */
function roleTokens(vm: VmRef, role: Role, is: boolean): readonly ScriptToken[] {
  return [
    cmdlet('Invoke-Command'),
    { kind: 'parameter', text: ' -VMId ' },
    { kind: 'id', text: quote(idOf(vm)) },
    { kind: 'parameter', text: ' -Credential ' },
    { kind: 'variable', text: accountOf(vm) },
    { kind: 'parameter', text: ' -ErrorAction ' },
    plain('SilentlyContinue'),
    { kind: 'parameter', text: ' -ScriptBlock ' },
    plain('{ ('),
    cmdlet('Get-WindowsOptionalFeature'),
    { kind: 'parameter', text: ' -Online -FeatureName ' },
    plain(featureOf(role)),
    plain(').State'),
    { kind: 'parameter', text: ' -eq ' },
    { kind: 'string', text: quote(is ? 'Enabled' : 'Disabled') },
    plain(' }'),
  ];
}

/** Holds what the script asks for: the account of a machine that it goes into, by all that this is in. Of hexadecimal digits only. */
const accountOf = (vm: VmRef): string =>
  `$account_${idsTo(vm)
    .map((id) => id.replace(/[^0-9a-f]/gi, '').slice(0, 8))
    .join('_')}`;

const memory = ['memory.dynamic', 'memory.startup', 'memory.minimum', 'memory.maximum'] as const;

/** What is read again at the end, for each VM of the plan. */
function readAgain({ vm: ref, steps }: Chain): readonly ScriptLine[] {
  // Nothing is left of a VM that is gone.
  if (steps.some(({ removes }) => removes?.what === 'vm')) return [];
  const vm = idOf(ref);
  const paths = steps
    .flatMap(({ changes }) => changes.filter(({ path }) => path.startsWith(vm)))
    .map(({ path }) => path.slice(vm.length + 1));
  const isAny = (...names: readonly string[]): boolean => paths.some((path) => names.includes(path));
  const ofVm = (source: readonly ScriptToken[], properties: string): ScriptLine => [
    ...vmTokens(vm),
    ...source,
    ...select(properties),
  ];
  const ofAdapters = Object.entries({ macSpoofing: shownAs.macSpoofing, switch: 'SwitchName' }).flatMap(
    ([one, name]) => (paths.some((path) => path.startsWith('adapters/') && path.endsWith(`/${one}`)) ? [name] : []),
  );
  const onVm = [
    ...(isAny('power', 'savedState') ? [shownAs.power] : []),
    ...(isAny('version') ? [shownAs.version] : []),
    ...(isAny(...memory) ? memory.map((name) => shownAs[name]) : []),
    ...(isAny('stopAction') ? [shownAs.stopAction] : []),
    ...(isAny('automaticCheckpoints') ? [shownAs.automaticCheckpoints] : []),
  ];
  return [
    ...(isAny('nesting') ? [ofVm([cmdlet('Get-VMProcessor'), pipe], shownAs.nesting)] : []),
    ...(ofAdapters.length > 0 ? [ofVm([cmdlet('Get-VMNetworkAdapter'), pipe], ['Id', ...ofAdapters].join(', '))] : []),
    ...(onVm.length > 0 ? [ofVm([], onVm.join(', '))] : []),
  ];
}

/** What is inside, where something was made or turned on there. */
function readInside(chain: Chain): readonly ScriptLine[] {
  const { steps, vm } = chain;
  const roles = new Set(steps.flatMap(({ do: act }) => ('wait' in act && 'role' in act.wait ? [act.wait.role] : [])));
  const hasService = steps.some(({ changes }) => changes.some(({ path }) => path.includes('/services/')));
  return [
    ...[...roles].map((role): ScriptLine => [
      cmdlet('Get-WindowsOptionalFeature'),
      { kind: 'parameter', text: ' -Online -FeatureName ' },
      plain(featureOf(role)),
      pipe,
      ...select('FeatureName, State'),
    ]),
    ...(hasService
      ? [
          [
            cmdlet('Get-CimInstance'),
            { kind: 'parameter', text: ' -ClassName ' } as const,
            plain('Win32_Service'),
            { kind: 'parameter', text: ' -Filter ' } as const,
            { kind: 'string', text: `"Name='vmms' OR Name='vmcompute'"` } as const,
            pipe,
            ...select('Name, State, StartMode'),
          ],
        ]
      : []),
    ...readMade(chain, vm),
  ];
}

export function renderPlan(plan: Pick<Plan, 'chains'>): readonly ScriptPart[] {
  const steps = plan.chains.flatMap((chain) => chain.steps);
  const at = (step: Step): MachineRef => ('call' in step.do ? step.do.call.at : hostOf(step.vm));
  const parts = steps.map((step) => ({
    step: step.id,
    number: step.number,
    at: at(step),
    lines: renderStep(step),
    ...guardsOf(step),
  }));
  const last = (steps.at(-1)?.number ?? 0) + 1;
  const reads = new Map<MachineRef, { readonly at: MachineRef; readonly lines: ScriptLine[] }>();
  for (const chain of plan.chains) {
    for (const [machine, lines] of [
      [hostOf(chain.vm), [...readAgain(chain), ...readMade(chain, hostOf(chain.vm))]],
      [chain.vm, readInside(chain)],
    ] as const) {
      const part = reads.get(machine) ?? { at: machine, lines: [] };
      part.lines.push(...lines);
      if (part.lines.length > 0) reads.set(machine, part);
    }
  }
  return [...parts, ...[...reads.values()].map((read) => ({ step: null, number: last, ...read }))];
}

export const scriptHead: readonly string[] = [
  '#Requires -Version 5.1',
  '# Made by Hypernest. VMs are found by their ids. It stops at the first error.',
  'Set-StrictMode -Version Latest',
  "$ErrorActionPreference = 'Stop'",
  'Import-Module Hyper-V -MinimumVersion 2.0',
];

/**
 * The exported script (CRLF; the caller puts the BOM before it, so that 5.1 reads it as UTF-8). Comments hold no names: a name
 * in a comment could end it. `pc`: the computer name of the PC that it is for, where there are others: on any other it stops first.
 */
export function toScript(parts: readonly ScriptPart[], pc?: string): string {
  const isElevated = parts.some(({ at, lines }) => !isVmRef(at) && lines.some(needsAdministrator));
  const head = [
    ...(isElevated ? ['#Requires -RunAsAdministrator', ...scriptHead, stopInside] : scriptHead),
    ...onlyOn(pc),
    // The password is asked for when the script runs; it is never in it.
    ...enteredBy(parts).map((vm) => `${accountOf(vm)} = Get-Credential -Message ${whereText(vm)}`),
    '',
  ];
  const body = parts.flatMap(({ step, number, at, lines, guards = [] }) => [
    step === null ? '# Read again' : `# ${number}`,
    ...inside(
      wayTo(at),
      [...guards.map(lineText), ...lines.map((line) => quietText(line))],
      lines.flatMap(accountsIn).map((id) => accountOf(vmIn(at, id))),
    ),
    '',
  ]);
  return [...head, ...body].join('\r\n');
}

/** A VM of another PC can have the same id. */
export const onlyOn = (pc: string | undefined): readonly string[] =>
  pc === undefined ? [] : [`if ($env:COMPUTERNAME -ne ${quote(pc)}) { throw 'made for another PC' }`];

/** What a call gives out is nothing to read, unless it is kept; what is read again shows itself. */
function quietText(line: ScriptLine): string {
  const text = lineText(line);
  const isShown = line.at(-1)?.text === 'Format-List' || !line.some(({ kind }) => kind === 'cmdlet');
  return isShown || /^(?:while |if |\$vm = )/.test(text) ? text : `${text} | Out-Null`;
}

/** VMs that the script goes into. */
export const enteredBy = (parts: readonly ScriptPart[]): readonly VmRef[] => [
  ...new Set(parts.flatMap(({ at, lines }) => [...wayTo(at), ...lines.flatMap(accountsIn).map((id) => vmIn(at, id))])),
];

/** The name of the VM of this PC as it is when the script runs; of those inside it, their ids there, the innermost first. */
function whereText(vm: VmRef): string {
  const [outermost = '', ...inner] = idsTo(vm);
  // Between double quotes: of an id nothing but what ids are made of.
  const names = [
    ...inner.toReversed().map((id) => id.replace(/[^0-9a-f-]/gi, '')),
    `$((Get-VM -Id ${quote(outermost)}).Name)`,
  ];
  return `"Inside ${names.join(' in ')}"`;
}

/** Ids of machines that a line goes into by itself. */
function accountsIn(line: ScriptLine): readonly Guid[] {
  const vm = line.findIndex(({ text }) => text === ' -VMId ');
  const id = vm < 0 ? undefined : line[vm + 1]?.text;
  return id === undefined ? [] : [id.replace(/'/g, '')];
}

/** Lines as they run inside a machine: through PowerShell Direct, by the id of the machine. `accounts`: those that they use. */
function inside(way: readonly VmRef[], lines: readonly string[], accounts: readonly string[]): readonly string[] {
  const [outer, ...inner] = way;
  if (outer === undefined) return lines;
  // Nothing of the script is known inside but what is handed on.
  const given = [...new Set([...inner.map(accountOf), ...accounts])].join(', ');
  const enter = `Invoke-Command -VMId ${quote(idOf(outer))} -Credential ${accountOf(outer)}`;
  return [
    `${enter}${given === '' ? '' : ` -ArgumentList ${given}`} -ScriptBlock {`,
    ...(given === '' ? [] : [`param(${given})`]),
    ...(inner.length > 0 ? inside(inner, lines, accounts) : [stopInside, ...lines]),
    '}',
  ];
}
/** Functions of script modules (NetNat, NetTCPIP) see only the global preference. */
const stopInside = "$global:ErrorActionPreference = 'Stop'";
