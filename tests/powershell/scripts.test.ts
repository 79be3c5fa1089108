/** Everything that is written as PowerShell, read back by the engine's own parser. */
import { vmIn, thisPc } from '../../src/core/cmdlets/ref.js';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { manualClock } from '../../simulator/clock.js';
import { createScenario } from '../../simulator/scenarios/scenarios.js';
import type { HostCall, Target } from '../../src/core/cmdlets/call.js';
import { cmdlets, enums, words, type CatalogEntry, type CmdletName } from '../../src/core/cmdlets/catalog.js';
import type { Step } from '../../src/core/change/step.js';
import { renderPlan, toScript } from '../../src/core/change/script.js';
import { lineText, quote, renderCall } from '../../src/core/change/tokens.js';
import { askText, loaderText, oneShotText } from '../../src/powershell/elevated-texts.js';
import { bridgeText } from '../../src/powershell/bootstrap.js';
import { hasPowerShell, shellFor } from './runtime.js';

const read = z.object({
  results: z.array(
    z.object({
      bad: z.array(z.string()),
      commands: z.array(z.object({ name: z.string(), arguments: z.array(z.string()) })),
    }),
  ),
});
type Read = z.infer<typeof read>['results'];

async function inFolder<Result>(act: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hypernest-scripts-'));
  try {
    return await act(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 9 });
  }
}

/** What a script of ours says; rejects when it ends with an error. */
async function runFile(script: string, args: readonly string[]): Promise<string> {
  const shell = await shellFor(createScenario('empty', { clock: manualClock() }), 'nobody');
  const { stdout } = await promisify(execFile)(
    shell.executable,
    ['-NoLogo', '-NoProfile', '-NonInteractive', '-File', path.resolve(script), ...args],
    { env: { ...shell.env }, maxBuffer: 2 ** 26 },
  );
  return stdout;
}

/** As the engine reads them; arguments are -Names, or the codes of the characters of a value. */
const readBack = (texts: readonly string[]): Promise<Read> =>
  inFolder(async (folder) => {
    const file = path.join(folder, 'texts.json');
    fs.writeFileSync(file, JSON.stringify(texts));
    const said = await runFile('tests/powershell/read-script.ps1', [file]);
    return read.parse(JSON.parse(said.split('\n').find((line) => line.startsWith('{')) ?? said)).results;
  });

const codes = (text: string): string => Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)).join(',');
const vm = '0f3c2d1e-5a6b-4c7d-8e9f-001122334455';
const adapter = `Microsoft:${vm.toUpperCase()}\\7B1F0D32-9C44-4E0F-A1D2-334455667788`;
const switchId = 'c08cb7b8-9b3c-408e-8e30-5e16a3aeb444';
const checkpoint = '3a1c2d1e-5a6b-4c7d-8e9f-001122334455';
const disk = { path: "C:\\it's [a] $(disk).vhdx", id: '5B1E7C02-9D34-4E6A-8F10-2C3D4E5F6A7B' };
const nat = 'VmNAT;{5fb1d8a5-1c0d-4b2e-9a35-2f2d1f1c6e11}';
/** What a cmdlet takes (or the cmdlet itself), and the commands that find it, before it and behind. */
const sources: Readonly<Record<string, readonly [Target, readonly string[], ...(readonly string[])[]]>> = {
  VM: [{ vm }, ['Get-VM']],
  VMNetworkAdapter: [{ vm, adapter }, ['Get-VM', 'Get-VMNetworkAdapter', 'Where-Object']],
  VMSnapshot: [{ vm, checkpoint }, ['Get-VM', 'Get-VMSnapshot', 'Where-Object']],
  VMSwitch: [{ switch: switchId }, ['Get-VMSwitch']],
  LiteralPath: [{ disk }, ['Get-VHD', 'Where-Object', 'Where-Object']],
  FirstBootDevice: [{ vm, dvd: true }, ['Get-VM'], ['Get-VM', 'Get-VMDvdDrive']],
  'Remove-NetNat': [{ nat }, ['Get-NetNat', 'Where-Object']],
  'Remove-NetNatStaticMapping': [{ mapping: '7' }, ['Get-NetNatStaticMapping', 'Where-Object']],
};
const sid = 'S-1-5-21-1004336348-1177238915-682003330-1001';

const values: Readonly<Record<string, unknown>> = {
  Boolean: true,
  Int64: 4_294_967_296,
  UInt64: '68719476736',
  Int32: 443,
  UInt32: 7,
  UInt16: 8081,
  Byte: 24,
  'String[]': ['192.0.2.1', "2001:db8::1', '"],
  Guid: vm,
  String: "a 'b' ’c‘",
};
const valueFor = (type: string): unknown =>
  values[type] ?? Object.entries({ ...enums, ...words }).find(([name]) => name === type)?.[1][0];

/** Every cmdlet of the catalog with every parameter that it may have. */
const calls = (Object.keys(cmdlets) as CmdletName[]).map((cmdlet) => {
  const entry: CatalogEntry = cmdlets[cmdlet];
  const params = Object.fromEntries(Object.entries(entry.params).map(([name, type]) => [name, valueFor(type)]));
  const [on, before = [], behind = []] = sources[cmdlet] ?? sources[entry.takes ?? ''] ?? [];
  const call = { cmdlet, params, at: thisPc, ...(on ? { on } : {}) } as unknown as HostCall;
  return { call, before, behind, entry, params };
});

describe.skipIf(!(await hasPowerShell()))('what is written as PowerShell', () => {
  it('can be read by Windows PowerShell 5.1 where it runs elevated', async () => {
    const texts: Readonly<Record<string, string>> = {
      'join-group': oneShotText('join-group', sid),
      'enable-hyper-v': oneShotText('enable-hyper-v', sid),
      'hypervisor-auto': oneShotText('hypervisor-auto', sid),
      'start-service': oneShotText('start-service', sid),
      'allow-session': loaderText({ pipe: 'Hypernest', callerSid: sid, payload: 'payload', platform: 'win32' }),
      ask: askText('exit', 1n),
      bridge: bridgeText,
      identity: fs.readFileSync('src/powershell/identity.ps1', 'utf8'),
      membership: fs.readFileSync('src/powershell/membership.ps1', 'utf8'),
      'check-on-windows': fs.readFileSync('docs/windows-check.ps1', 'utf8'),
      ...Object.fromEntries(
        ['as', 'guest', 'live', 'probe'].map((name) => [name, fs.readFileSync(`tests/live/${name}.ps1`, 'utf8')]),
      ),
    };
    const said = await inFolder(async (folder) => {
      const files = Object.entries(texts).map(([name, text]) => {
        fs.writeFileSync(path.join(folder, `${name}.ps1`), text);
        return path.join(folder, `${name}.ps1`);
      });
      return await runFile('tools/powershell-engine/check51.ps1', files);
    });
    expect(said.trim()).toBe('');
  });

  it('goes into machines through PowerShell Direct with an account that is asked for, never with a password', async () => {
    const l2 = '1f3c2d1e-5a6b-4c7d-8e9f-001122334455';
    const wait: Step = {
      id: 'w',
      number: 3,
      vm: vmIn(thisPc, vm),
      title: { key: 'plan.setStopAction' },
      do: { wait: { vm: vmIn(thisPc, vm), role: 'hyper-v', is: true }, atMost: 900 },
      kind: 'inside',
      changes: [],
    };
    const step = (number: number, call: HostCall): Step => ({ ...wait, id: String(number), number, do: { call } });
    const steps = [
      step(1, { cmdlet: 'Enable-WindowsOptionalFeature/Hyper-V', params: {}, at: vmIn(thisPc, vm) }),
      step(2, {
        cmdlet: 'Set-DnsClientServerAddress',
        params: { InterfaceIndex: 6, ServerAddresses: ['192.0.2.1'] },
        at: vmIn(vmIn(thisPc, vm), l2),
      }),
      wait,
    ];
    const chain = { vm: vmIn(thisPc, vm), name: '$(evil)', steps, power: null, basis: [], nested: [] };
    const script = toScript(renderPlan({ chains: [chain] }));
    const [whole] = await readBack([script]);
    expect(whole?.bad).toEqual([]);
    const names = whole?.commands.map(({ name }) => name) ?? [];
    expect(names.filter((name) => name === 'Get-Credential')).toHaveLength(2);
    // Into L1; into L2 through L1; the wait; the reading again.
    expect(names.filter((name) => name === 'Invoke-Command')).toHaveLength(5);
    expect(names).toContain('Enable-WindowsOptionalFeature');
    expect(script).not.toMatch(/evil|password|ConvertTo-SecureString/i);
  });

  it('runs exactly the call that is shown, with exactly its values', async () => {
    const results = await readBack(calls.map(({ call }) => lineText(renderCall(call))));
    for (const [index, { call, before, behind, entry, params }] of calls.entries()) {
      const { bad, commands } = results[index] ?? { bad: ['missing'], commands: [] };
      expect(bad).toEqual([]);
      expect(commands.map(({ name }) => name)).toEqual([...before, entry.cmdlet ?? call.cmdlet, ...behind]);
      const { on } = call;
      if (on && 'vm' in on) expect(commands[0]?.arguments).toEqual(['-Id', codes(vm)]);
      if (on && 'switch' in on) expect(commands[0]?.arguments).toEqual(['-Id', codes(switchId)]);
      if (on && 'nat' in on) expect(commands[1]?.arguments).toEqual([codes('InstanceID'), '-eq', codes(nat)]);
      if (on && 'mapping' in on) expect(commands[1]?.arguments).toEqual([codes('StaticMappingID'), '-eq', codes('7')]);
      if (on && 'adapter' in on) expect(commands[2]?.arguments).toEqual([codes('Id'), '-eq', codes(adapter)]);
      if (on && 'checkpoint' in on) expect(commands[2]?.arguments).toEqual([codes('Id'), '-eq', codes(checkpoint)]);
      if (on && 'disk' in on) {
        expect(commands.slice(0, 3).map(({ arguments: words }) => words)).toEqual([
          ['-Path', codes(disk.path)],
          [codes('DiskIdentifier'), '-eq', codes(disk.id)],
          [codes('Attached'), '-eq', codes('False')],
        ]);
        expect(commands[3]?.arguments).toEqual(['-LiteralPath', codes('{ $_.Path }')]);
      }
      if (on && 'dvd' in on) {
        expect(commands[1]?.arguments).toEqual(['-FirstBootDevice', codes(`(Get-VM -Id '${vm}' | Get-VMDvdDrive)`)]);
        expect(commands[2]?.arguments).toEqual(['-Id', codes(vm)]);
      }
      const given = commands[before.length]?.arguments ?? [];
      for (const [name, value] of Object.entries({ ...params, ...entry.fixed })) {
        const at = given.indexOf(`-${name}`);
        expect([call.cmdlet, name, at >= 0]).toEqual([call.cmdlet, name, true]);
        // A switch that is on stands alone.
        const isBare = value === true && entry.fixed !== undefined && name in entry.fixed;
        if (!isBare)
          expect([name, given[at + 1]]).toEqual([
            name,
            [value]
              .flat()
              .map((one) => codes(typeof one === 'boolean' ? (one ? 'True' : 'False') : String(one)))
              .join('|'),
          ]);
      }
    }
  });

  it('holds any name as a text and nothing else', async () => {
    const hostile = [...createScenario('hostile-names', { clock: manualClock() }).world.host.vms.values()].map(
      ({ name }) => name,
    );
    const random = fc.sample(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), {
      numRuns: 300,
      seed: 20261124,
    });
    const quotes = fc.sample(
      fc.string({
        unit: fc.constantFrom("'", '‘', '’', '‚', '‛', '"', '$(', '`', '\r\n', '\0', '\u202e', '; ', '#', '\ud800'),
      }),
      { numRuns: 300, seed: 1 },
    );
    const names = [...hostile, ...random, ...quotes.filter((name) => name !== '')];
    const results = await readBack(names.map((name) => `Get-VM -Name ${quote(name)}`));
    for (const [index, name] of names.entries()) {
      expect(results[index]).toEqual({ bad: [], commands: [{ name: 'Get-VM', arguments: ['-Name', codes(name)] }] });
    }
  });
});
