import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HostCall } from '../../../src/core/cmdlets/call.js';
import { cmdlets, type CatalogEntry } from '../../../src/core/cmdlets/catalog.js';
import type { Chain, Step } from '../../../src/core/change/step.js';
import { renderPlan, toScript } from '../../../src/core/change/script.js';
import { lineText, quote, renderCall } from '../../../src/core/change/tokens.js';
import { adapterId, guid } from './worlds.js';

const box = guid(1);
const text = (call: HostCall): string => lineText(renderCall(call));
const singleQuotes = /['\u2018-\u201b]/;

/** What PowerShell makes of a literal of ours; undefined: it would not take it as one whole string. */
function unquote(literal: string): string | undefined {
  const spelt = /^\(\[string\]::new\(\[char\[\]\]\(([\d,]+)\)\)\)$/.exec(literal);
  if (spelt) return String.fromCharCode(...(spelt[1] ?? '').split(',').map(Number));
  if (!/^['\u2018-\u201b]/.test(literal)) return undefined;
  let said = '';
  // Any of the five ends the string, whichever began it, unless two stand side by side.
  for (let at = 1; at < literal.length; at++) {
    const char = literal.charAt(at);
    if (!singleQuotes.test(char)) said += char;
    else if (singleQuotes.test(literal.charAt(at + 1))) said += literal.charAt(++at);
    else return at === literal.length - 1 ? said : undefined;
  }
  return undefined;
}

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'\'‘’‚‛"`$();&|#\r\n\t\u0000\u202e\u2066{}@abc é中'.split('')) }),
);

describe('a value in a script', () => {
  it('is exactly the value, whatever it holds', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        expect(unquote(quote(value))).toBe(value);
      }),
    );
  });
  it('is one line of what can be seen', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        expect(quote(value)).not.toMatch(/[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]/u);
      }),
    );
  });
  it.each([
    ['plain', "'plain'"],
    ["it's ‘x’ ‚y‛", "'it''s ‘‘x’’ ‚‚y‛‛'"],
    ['$(Remove-Item x) `n "q"', '\'$(Remove-Item x) `n "q"\''],
    ['a\r\nb', '([string]::new([char[]](97,13,10,98)))'],
    ['', "''"],
  ])('%j is written %s', (value, literal) => expect(quote(value)).toBe(literal));
});

describe('a call is written as it is run', () => {
  it.each<[HostCall, string]>([
    [{ cmdlet: 'Get-VM', params: {}, at: thisPc }, 'Get-VM'],
    [{ cmdlet: 'Get-VM', params: { Id: box }, at: thisPc }, `Get-VM -Id '${box}'`],
    [
      { cmdlet: 'Set-VMProcessor', params: { ExposeVirtualizationExtensions: true }, on: { vm: box }, at: thisPc },
      `Get-VM -Id '${box}' | Set-VMProcessor -ExposeVirtualizationExtensions $true`,
    ],
    [
      { cmdlet: 'Set-VMMemory', params: { StartupBytes: 2 ** 32 }, on: { vm: box }, at: thisPc },
      `Get-VM -Id '${box}' | Set-VMMemory -StartupBytes 4294967296`,
    ],
    [
      {
        cmdlet: 'Set-VM',
        params: { AutomaticStopAction: 'ShutDown', AutomaticCheckpointsEnabled: false },
        on: { vm: box },
        at: thisPc,
      },
      `Get-VM -Id '${box}' | Set-VM -AutomaticStopAction ShutDown -AutomaticCheckpointsEnabled $false`,
    ],
    [
      {
        cmdlet: 'Set-VMNetworkAdapter',
        params: { MacAddressSpoofing: 'On' },
        on: { vm: box, adapter: adapterId(1) },
        at: thisPc,
      },
      `Get-VM -Id '${box}' | Get-VMNetworkAdapter | Where-Object Id -eq '${adapterId(1)}' | Set-VMNetworkAdapter -MacAddressSpoofing On`,
    ],
    [{ cmdlet: 'Stop-VM', params: {}, on: { vm: box }, at: thisPc }, `Get-VM -Id '${box}' | Stop-VM -Confirm:$false`],
    [
      { cmdlet: 'Stop-VM/TurnOff', params: {}, on: { vm: box }, at: thisPc },
      `Get-VM -Id '${box}' | Stop-VM -TurnOff -Confirm:$false`,
    ],
    [
      { cmdlet: 'Checkpoint-VM', params: { SnapshotName: 'Before: nesting' }, on: { vm: box }, at: thisPc },
      `Get-VM -Id '${box}' | Checkpoint-VM -SnapshotName 'Before: nesting'`,
    ],
    [
      { cmdlet: 'Remove-VMSnapshot', params: {}, on: { vm: box, checkpoint: guid(7) }, at: thisPc },
      `Get-VM -Id '${box}' | Get-VMSnapshot | Where-Object Id -eq '${guid(7)}' | Remove-VMSnapshot -Confirm:$false`,
    ],
    [
      { cmdlet: 'Get-CimInstance/Win32_Service', params: {}, at: thisPc },
      "Get-CimInstance -ClassName Win32_Service -Namespace 'root/cimv2' -Filter 'Name=''vmms'' OR Name=''vmcompute'' OR Name=''WindowsAzureGuestAgent'''",
    ],
    [
      { cmdlet: 'New-VMSwitch/External', params: { Name: 'Lab', NetAdapterName: 'Ethernet 2' }, at: thisPc },
      "New-VMSwitch -AllowManagementOS $true -Name Lab -NetAdapterName 'Ethernet 2'",
    ],
  ])('%o', (call, written) => expect(text(call)).toBe(written));

  it('never forces a shutdown: that would pull the plug of a guest that refuses', () => {
    for (const name of Object.keys(cmdlets) as (keyof typeof cmdlets)[]) {
      // Removing a switch, or a VM that is off, asks a person unless it is forced: no guest is shut down by it.
      if (name === 'Remove-VMSwitch' || name === 'Remove-VM') continue;
      const entry: CatalogEntry = cmdlets[name];
      const call = { cmdlet: name, params: {}, at: thisPc, ...(entry.takes ? { on: { vm: box } } : {}) } as HostCall;
      expect(text(call)).not.toMatch(/-Force/);
    }
  });

  it('marks ids, so that the eye may have them short', () => {
    const tokens = renderCall({ cmdlet: 'Get-VM', params: { Id: box }, at: thisPc });
    expect(tokens.filter(({ kind }) => kind === 'id').map((token) => token.text)).toEqual([`'${box}'`]);
  });

  it('takes an adapter id that somebody else made up for a string, not for code', () => {
    fc.assert(
      fc.property(hostile, (adapter) => {
        const tokens = renderCall({ cmdlet: 'Set-VMNetworkAdapter', params: {}, on: { vm: box, adapter }, at: thisPc });
        expect(unquote(tokens.filter(({ kind }) => kind === 'id').at(-1)?.text ?? '')).toBe(adapter);
      }),
    );
  });
});

const step = (number: number, vm: string, what: Pick<Step, 'do' | 'changes'>): Step => ({
  id: `s${String(number)}`,
  number,
  vm: vmIn(thisPc, vm),
  title: { key: 'app.name' },
  kind: 'setting',
  ...what,
});
const chain = (vm: string, steps: readonly Step[]): Chain => ({
  vm: vmIn(thisPc, vm),
  // A name that would be code, were it ever written.
  name: "evil'; Remove-Item C:\\ #\r\nGet-Process",
  steps,
  power: null,
  basis: [],
  nested: [],
});
const plan = {
  chains: [
    chain(box, [
      step(1, box, {
        do: { call: { cmdlet: 'Stop-VM', params: {}, on: { vm: box }, at: thisPc } },
        changes: [{ path: `${box}/power`, from: 'running', to: 'off' }],
      }),
      step(2, box, {
        do: {
          call: {
            cmdlet: 'Set-VMProcessor',
            params: { ExposeVirtualizationExtensions: true },
            on: { vm: box },
            at: thisPc,
          },
        },
        changes: [{ path: `${box}/nesting`, from: false, to: true }],
      }),
      step(3, box, { do: { wait: { vm: vmIn(thisPc, box), answers: true }, atMost: 600 }, changes: [] }),
    ]),
    chain(guid(2), [
      step(4, guid(2), {
        do: {
          call: { cmdlet: 'Set-VM', params: { AutomaticStopAction: 'ShutDown' }, on: { vm: guid(2) }, at: thisPc },
        },
        changes: [{ path: `${guid(2)}/stopAction`, from: 'Save', to: 'ShutDown' }],
      }),
    ]),
  ],
};

describe('the accounts of a script', () => {
  it('are of one machine each, also where a VM inside claims the id of one outside', () => {
    const [a, b] = ['a1b2c3d4-0000-4000-8000-000000000001', 'e5f6a7b8-0000-4000-8000-000000000001'] as const;
    const outer = vmIn(thisPc, a);
    const machines = [outer, vmIn(outer, a), vmIn(vmIn(thisPc, b), a)];
    const parts = machines.map((at, index) => ({
      step: `s${String(index)}`,
      number: index + 1,
      at,
      lines: [renderCall({ cmdlet: 'Get-VM', params: {}, at })],
    }));
    const asked = toScript(parts)
      .split('\r\n')
      .filter((line) => line.includes('Get-Credential'));
    // Both VMs of this PC, and the one in each of them.
    expect(new Set(asked.map((line) => line.split(' = ')[0])).size).toBe(4);
    expect(asked).toHaveLength(4);
  });
});

describe('a plan as a script', () => {
  const parts = renderPlan(plan);
  const script = toScript(parts);

  it('has each step with its number, in order, and reads what it changed again', () => {
    expect(parts.map(({ step: id, number }) => [id, number])).toEqual([['s1', 1], ['s2', 2], ['s3', 3], ['s4', 4], [null, 5]]); // prettier-ignore
    expect(parts.at(-1)?.lines.map(lineText)).toEqual([
      `Get-VM -Id '${box}' | Get-VMProcessor | Select-Object ExposeVirtualizationExtensions | Format-List`,
      `Get-VM -Id '${box}' | Select-Object State | Format-List`,
      `Get-VM -Id '${guid(2)}' | Select-Object AutomaticStopAction | Format-List`,
    ]);
  });

  it('waits for the guest no longer than it may', () => {
    expect(parts[2]?.lines.map(lineText).join('\n')).toMatch(
      /AddSeconds\(600\)[\s\S]*while \(.*throw[\s\S]*Start-Sleep/,
    );
  });

  it('shows what it reads again, and nothing of what its steps give out', () => {
    const shown = script.split('\r\n').filter((line) => /^(?:Get|Set|Stop)-VM/.test(line));
    expect(shown.map((line) => line.split(' | ').at(-1))).toEqual([
      'Out-Null',
      'Out-Null',
      'Out-Null',
      'Format-List',
      'Format-List',
      'Format-List',
    ]);
  });

  it('stops at the first error, on Windows PowerShell 5.1', () => {
    expect(script).toMatch(/^#Requires -Version 5\.1\r\n/);
    expect(script).toContain("$ErrorActionPreference = 'Stop'");
    expect(script.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(script).not.toMatch(/&&|\|\||\?\?|-Parallel/);
  });

  it('holds no name, not even in a comment, where a line end would make code of it', () => {
    expect(script).not.toContain('evil');
    for (const line of script.split('\r\n').filter((one) => one.startsWith('#'))) expect(line).toMatch(/^#[\w .:-]*$/);
  });

  it('of nothing is no part at all', () => expect(renderPlan({ chains: [] })).toEqual([]));
});
