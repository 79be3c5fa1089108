import { expect, test } from 'vitest';
import { renderPlan, toScript } from '../../../src/core/change/script.js';
import { addressWant } from '../../../src/core/network/own-address.js';
import { readyOf, scenarioWorld } from './run-world.js';

test('a script that makes a network on this PC asks for an administrator, and stops at its first error', async () => {
  const pc = scenarioWorld('wifi-laptop', { elevated: true });
  await pc.read();
  await pc.reader.readNetwork();
  const machine = await pc.read();
  const vm = machine.vms?.find(({ id }) => id === pc.id('lab'));
  const address = vm && addressWant(machine, vm);
  if (!address) throw new Error('no address');
  const text = toScript(renderPlan(readyOf(await pc.plan('lab', { address }))));
  expect(text.split('\r\n')).toEqual(
    expect.arrayContaining([
      '#Requires -RunAsAdministrator',
      "$global:ErrorActionPreference = 'Stop'",
      "New-NetNat -Name LocalNAT -InternalIPInterfaceAddressPrefix '192.168.100.0/24' | Out-Null",
      'Get-NetNat | Select-Object Name, InternalIPInterfaceAddressPrefix | Format-List',
    ]),
  );
  expect(text).toContain('Select-Object Id, SwitchName');
  const plain = toScript(renderPlan(readyOf(await pc.plan('lab', { stopAction: 'Save' }))));
  expect(plain).not.toMatch(/RunAsAdministrator|global:ErrorActionPreference/);
});
