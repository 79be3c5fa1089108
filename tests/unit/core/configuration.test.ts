/** Shape of the document: what is written here of the published schema (DSC 2023/08), and what WinGet asks besides. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { configurationOf, hasConfiguration } from '../../../src/core/change/configuration.js';
import { renderPlan } from '../../../src/core/change/script.js';
import type { Chain, Change, Plan } from '../../../src/core/change/step.js';
import type { ChangePath, PlannedWant } from '../../../src/core/machine/goal.js';
import { shown } from '../../../src/text/index.js';
import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { scenarioWorld } from './run-world.js';
import { adapterId, guid } from './worlds.js';

const elevated = z.strictObject({ securityContext: z.literal('elevated') });
const name = z.string().regex(/^[a-zA-Z0-9 ]+$/);
const script = z.string().regex(/^#Requires -Version 5\.1\n/);
const document = z.strictObject({
  $schema: z.literal('https://raw.githubusercontent.com/PowerShell/DSC/main/schemas/2023/08/config/document.json'),
  metadata: z.strictObject({
    winget: z.strictObject({ processor: z.strictObject({ identifier: z.literal('dscv3') }) }),
  }),
  resources: z
    .array(
      z.discriminatedUnion('type', [
        z.strictObject({
          type: z.literal('Microsoft.Windows/OptionalFeatureList'),
          name,
          metadata: z.strictObject({ winget: elevated }),
          properties: z.strictObject({
            features: z.array(z.strictObject({ featureName: z.string().min(1), state: z.literal('Installed') })).min(1),
          }),
        }),
        z.strictObject({
          type: z.literal('Microsoft.DSC.Transitional/WindowsPowerShellScript'),
          name,
          metadata: z.strictObject({ description: z.string(), winget: elevated }),
          properties: z.strictObject({ testScript: script, setScript: script }),
        }),
      ]),
    )
    .min(1)
    .refine((all) => new Set(all.map((one) => one.name)).size === all.length, 'each name once'),
});

const box = guid(1);
const chainOf = (name: string, changes: readonly Change[], vm = box): Chain => ({
  vm: vmIn(thisPc, vm),
  name,
  power: null,
  basis: [],
  nested: [],
  steps: [
    {
      id: 's1',
      number: 1,
      vm: vmIn(thisPc, vm),
      title: { key: 'plan.nestingOn' },
      kind: 'setting',
      changes,
      do: { call: { cmdlet: 'Set-VM', params: { AutomaticStopAction: 'Save' }, on: { vm }, at: thisPc } },
    },
  ],
});
const change = (path: string, from: Change['from'], to: Change['to']): Change => ({
  path: `${box}/${path}` as ChangePath,
  from,
  to,
});
const nesting = change('nesting', false, true);
/** The window, which asks first whether there is one, is told the same. */
function madeOf(plan: Pick<Plan, 'chains'>) {
  const made = configurationOf(plan, false, shown);
  expect(hasConfiguration(plan, renderPlan(plan))).toBe(made !== undefined);
  return made;
}
const scripts = (plan: Pick<Plan, 'chains'>): readonly { testScript: string; setScript: string }[] =>
  document.parse(madeOf(plan)).resources.flatMap(({ properties }) => ('testScript' in properties ? [properties] : []));
const conditions = (...changes: readonly Change[]): readonly string[] => {
  const [own] = scripts({ chains: [chainOf('dev-box', changes)] });
  const lines = own?.testScript.split('\n') ?? [];
  return lines.slice(lines.indexOf('$are = @(') + 1, lines.indexOf(')'));
};

describe('a configuration', () => {
  it('has the form that DSC and WinGet ask for, whatever VMs are called, and survives being written as YAML', () => {
    const names = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom(...'\'"`$#:-?|>&*!%@{}[],\r\n\t\u0000\u0085\u2028\u2029\u202e\ufeff é中~ '.split('')),
      }),
    );
    fc.assert(
      fc.property(fc.array(names, { minLength: 1, maxLength: 4 }), names, fc.boolean(), (all, value, isServer) => {
        const stop = change('stopAction', 'Save', value === 'Save' ? 'x' : value);
        const made = configurationOf({ chains: all.map((name) => chainOf(name, [nesting, stop])) }, isServer, shown);
        expect(document.parse(made)).toEqual(made);
        const text = stringify(made, { lineWidth: 0, aliasDuplicateObjects: false });
        expect(parse(text)).toEqual(made);
        // WinGet's reader (YAML 1.1) takes them for the end of a line, and the writer leaves them as they are.
        expect(text).not.toMatch(/[\u0085\u2028\u2029]/);
      }),
      { numRuns: 50 },
    );
  });

  it('turns on Hyper-V first, a feature after the one that it is part of; a server calls them otherwise', () => {
    const plan = { chains: [chainOf('dev-box', [nesting])] };
    const [first, ...rest] = document.parse(configurationOf(plan, false, shown)).resources;
    expect(first?.properties).toEqual({
      features: [
        'Microsoft-Hyper-V-All',
        'Microsoft-Hyper-V',
        'Microsoft-Hyper-V-Tools-All',
        'Microsoft-Hyper-V-Management-PowerShell',
      ].map((featureName) => ({ featureName, state: 'Installed' })),
    });
    expect(rest).toHaveLength(1);
    expect(document.parse(configurationOf(plan, true, shown)).resources).toEqual(rest);
  });

  it('compares each value by the property in which Windows shows it', () => {
    const adapter = adapterId(1);
    expect(
      conditions(
        nesting,
        change(`adapters/${adapter}/macSpoofing`, 'Off', 'On'),
        change('memory.startup', 1, 2 ** 32),
        change('memory.dynamic', true, false),
        change('version', '9.0', '12.0'),
        change('stopAction', 'Save', 'ShutDown'),
        change('automaticCheckpoints', true, false),
      ),
    ).toEqual([
      `(Get-VM -Id '${box}' | Get-VMProcessor).ExposeVirtualizationExtensions -eq $true`,
      `(Get-VM -Id '${box}' | Get-VMNetworkAdapter | Where-Object Id -eq '${adapter}').MacAddressSpoofing -eq 'On'`,
      `(Get-VM -Id '${box}').MemoryStartup -eq 4294967296`,
      `(Get-VM -Id '${box}').DynamicMemoryEnabled -eq $false`,
      `(Get-VM -Id '${box}').Version -eq '12.0'`,
      `(Get-VM -Id '${box}').AutomaticStopAction -eq 'ShutDown'`,
      `(Get-VM -Id '${box}').AutomaticCheckpointsEnabled -eq $false`,
    ]);
  });

  it('asks for no power that is only on the way, and for the one that is left', () => {
    const down = change('power', 'running', 'off');
    const up = change('power', 'off', 'running');
    expect(conditions(nesting, down, up)).toHaveLength(1);
    expect(conditions(nesting, down)[1]).toBe(`(Get-VM -Id '${box}').State -eq 'off'`);
  });

  it('has one resource for each VM, so that one that is so already is left alone', () => {
    const other = chainOf('build', [{ path: `${guid(2)}/nesting`, from: false, to: true }], guid(2));
    const [first, second] = scripts({ chains: [chainOf('dev-box', [nesting]), other] });
    expect(first?.setScript).toContain(box);
    expect(`${String(first?.testScript)}${String(first?.setScript)}`).not.toContain(guid(2));
    expect(`${String(second?.testScript)}${String(second?.setScript)}`).not.toContain(box);
  });

  it('gives out nothing but what it is asked: a table in the answer would be no answer', () => {
    const [own] = scripts({ chains: [chainOf('dev-box', [nesting])] });
    expect(`${String(own?.testScript)}${String(own?.setScript)}`).not.toContain('Format-List');
    expect(own?.testScript.split('\n').at(-1)).toBe('$are -notcontains $false');
  });

  it.each<[string, readonly Change[]]>([
    ['changes nothing that lasts', [change('power', 'off', 'running'), change('power', 'running', 'off')]],
    ['only deletes a saved state', [change('savedState', true, false)]],
    ['changes what is read in a guest', [nesting, change('roles/hyper-v', 'Disabled', 'Enabled')]],
  ])('is not made where a plan %s', (_name, changes) =>
    expect(madeOf({ chains: [chainOf('dev-box', changes)] })).toBeUndefined(),
  );

  it('is not made of nothing, nor where one of several VMs cannot be told', () => {
    expect(madeOf({ chains: [] })).toBeUndefined();
    const chains = [chainOf('a', [nesting]), chainOf('b', [change('savedState', true, false)])];
    expect(madeOf({ chains })).toBeUndefined();
  });

  it('is not made of what asks for a password when it runs', async () => {
    const pc = scenarioWorld('server-l1');
    const id = pc.id('lab');
    await pc.enter(vmIn(thisPc, id), { userName: 'dev', password: 'lab' });
    const want: PlannedWant = { roles: { containers: true } };
    const plan = await pc.ready('lab', want);
    expect(plan.chains.length).toBeGreaterThan(0);
    expect(madeOf(plan)).toBeUndefined();
  });
});
