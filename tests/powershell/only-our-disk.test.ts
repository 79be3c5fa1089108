/** What deletes: one disk that was looked up and compared just before, and nothing else, whatever comes to the bridge. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { manualClock } from '../../simulator/clock.js';
import { fileAt } from '../../simulator/files.js';
import { createScenario } from '../../simulator/scenarios/scenarios.js';
import { serveSimulator } from '../../simulator/server.js';
import { thisPc } from '../../src/core/cmdlets/ref.js';
import { lineText, renderCall } from '../../src/core/change/tokens.js';
import { bootstrapOf } from '../../src/powershell/bootstrap.js';
import { childTransport } from '../../src/powershell/transport.js';
import { oneShots } from './one-shots.js';
import { hasPowerShell, shellFor } from './runtime.js';
import { behindEngine, guidOf } from './world.js';

const blank = { path: 'C:\\Users\\dev\\VMs\\blank.vhdx', id: '6C2F8D13-AE45-4F7B-9021-3D4E5F6A7B8C' };
const same = { keep: { property: 'DiskIdentifier', equals: blank.id } };
const free = { keep: { property: 'Attached', equals: 'False' } };
const look = { cmdlet: 'Get-VHD', params: { Path: blank.path } };
const drop = { cmdlet: 'Remove-Item', params: {}, as: 'LiteralPath' };
const vm = { cmdlet: 'Get-VM', params: {} };
const dvd = { cmdlet: 'Get-VMDvdDrive', params: {} };
const boot = { cmdlet: 'Set-VMFirmware', params: {}, as: 'FirstBootDevice' };

/** What a bridge of our own says to calls as they travel, and which cmdlets were run. */
async function said(calls: readonly unknown[]) {
  const simulator = createScenario('empty', { clock: manualClock({ auto: true }) });
  const server = await serveSimulator(simulator);
  const shell = await shellFor(simulator, server.address);
  const transport = childTransport({ ...shell, bootstrap: bootstrapOf({ identity: '', standIn: shell.standIn }) });
  const ran: string[] = [];
  simulator.on((event) => {
    if (event.kind === 'call') ran.push(event.request.cmdlet);
  });
  const replies: Record<string, unknown>[] = [];
  const heard = (id: number) =>
    new Promise<string>((resolve) => transport.onLine((one) => one.startsWith(`{"id":${String(id)},`) && resolve(one)));
  await heard(0);
  for (const [index, call] of calls.entries()) {
    const id = index + 1;
    const reply = heard(id);
    transport.write(`#call ${String(id)} host 20000 ${JSON.stringify([{ kind: 'change', ...(call as object) }])}`);
    replies.push(JSON.parse(await reply) as Record<string, unknown>);
  }
  transport.end();
  await transport.ended;
  await server.close();
  return { replies, ran, isThere: fileAt(simulator.world.host, blank.path) !== undefined };
}

describe.skipIf(!(await hasPowerShell()))('what deletes', () => {
  it('is refused before anything is run, however else it is asked for', async () => {
    const calls = [
      { cmdlet: 'Remove-Item', params: { LiteralPath: blank.path } },
      { cmdlet: 'Remove-Item', params: { LiteralPath: [blank.path] } },
      { cmdlet: 'Remove-Item', params: { LiteralPath: [] } },
      { cmdlet: 'Remove-Item', params: { Path: blank.path } },
      { cmdlet: 'Remove-Item', params: {}, as: 'LiteralPath' },
      { pipeline: [look, { ...drop, as: undefined }] },
      { pipeline: [look, { ...drop, as: 'Path' }] },
      { pipeline: [look, drop] },
      { pipeline: [look, same, drop] },
      { pipeline: [look, free, same, drop] },
      { pipeline: [look, same, free, free, drop] },
      { pipeline: [look, same, { keep: { property: 'Attached', equals: 'True' } }, drop] },
      { pipeline: [look, { keep: { property: 'DiskIdentifier', equals: 'False' } }, free, drop] },
      { pipeline: [look, { keep: { property: 'DiskIdentifier Attached=False', equals: 'x' } }, drop] },
      { pipeline: [look, { keep: { property: 'Path', equals: blank.path } }, free, drop] },
      { pipeline: [look, same, free, { ...drop, params: { Recurse: true } }] },
      { pipeline: [look, same, free, { ...drop, params: { LiteralPath: 'C:\\Windows' } }] },
      { pipeline: [vm, { keep: { property: 'Id', equals: 'x' } }, free, drop] },
      { pipeline: [look, same, free, dvd, drop] },
      { pipeline: [vm, boot] },
      { pipeline: [vm, { cmdlet: 'Get-VMHardDiskDrive', params: {} }, boot] },
      { pipeline: [vm, dvd, { ...boot, as: 'VM' }] },
      { pipeline: [vm, dvd, { ...boot, params: { FirstBootDevice: 'x' } }] },
      { pipeline: [vm, { cmdlet: 'Set-VMFirmware', params: { SecureBootTemplate: 'Other' } }] },
    ];
    const { replies, ran, isThere } = await said(calls);
    for (const [index, reply] of replies.entries())
      expect([calls[index], reply]).toMatchObject([
        {},
        { ok: false, error: { fqid: expect.stringMatching(/^Bridge\.(NotAllowed|BadCall)$/) as string } },
      ]);
    expect(ran).toEqual([]);
    expect(isThere).toBe(true);
  });

  it('deletes the one that it is', async () => {
    const { replies, ran, isThere } = await said([{ pipeline: [look, same, free, drop] }]);
    expect(replies).toMatchObject([{ ok: true }]);
    expect(ran).toEqual(['Get-VHD', 'Remove-Item']);
    expect(isThere).toBe(false);
  });

  it('takes a path as it is written, and leaves alone what a VM has or what is another disk', async () => {
    const { session, simulator, close } = await behindEngine('workstation');
    onTestFinished(close);
    const path = "C:\\Users\\dev\\VMs\\it's [new] *.vhdx";
    const at = thisPc;
    await session.call([{ cmdlet: 'New-VHD', params: { Path: path, SizeBytes: '68719476736' }, at }]);
    const id = fileAt(simulator.world.host, path)?.disk?.id ?? '';
    const drop = async (disk: { readonly path: string; readonly id: string }) => {
      const [answer] = await session.call([{ cmdlet: 'Remove-Item/Disk', params: {}, at, on: { disk } }]);
      return [fileAt(simulator.world.host, disk.path) === undefined, 'failed' in answer && answer.failed.kind];
    };
    expect(await drop({ path, id: blank.id })).toEqual([false, 'not-found']);
    const host = simulator.world.host.vms.get(guidOf(simulator, 'k8s-node-1'));
    simulator.outside.set(host?.id ?? '', { disks: [path] });
    expect(await drop({ path, id })).toEqual([false, 'not-found']);
    simulator.outside.set(host?.id ?? '', { disks: [] });
    expect(await drop({ path, id })).toEqual([true, false]);
  });

  it('does the same as a line of a script', async () => {
    const { lines, simulator } = await oneShots('workstation');
    const { host } = simulator.world;
    const id = guidOf(simulator, 'dev-box');
    simulator.outside.set(id, { dvds: [{ id: `Microsoft:${id}\\one`, path: '' }] });
    const line = (on: { readonly path: string; readonly id: string }) =>
      lineText(renderCall({ cmdlet: 'Remove-Item/Disk', params: {}, at: thisPc, on: { disk: on } }));
    // What stands in for Windows' own: the engine has one built in, which would look for real files.
    const standIn = "Import-Module ([IO.Path]::Combine($env:PSModulePath, 'Microsoft.PowerShell.Management'))";
    await lines(`${standIn}; ${line({ ...blank, id: '5B1E7C02-9D34-4E6A-8F10-2C3D4E5F6A7B' })}`);
    expect(fileAt(host, blank.path)).toBeDefined();
    await lines(`${standIn}; ${line({ ...blank, id: blank.id.toLowerCase() })}`);
    expect(fileAt(host, blank.path)).toBeUndefined();
    await lines(
      lineText(renderCall({ cmdlet: 'Set-VMFirmware/BootDvd', params: {}, at: thisPc, on: { vm: id, dvd: true } })),
    );
    expect(host.vms.get(id)?.settings.firstBoot).toBe(`Microsoft:${id}\\one`);
  });

  it('gives the VM and its drive to what boots from it', async () => {
    const { session, simulator, close } = await behindEngine('workstation');
    onTestFinished(close);
    const id = guidOf(simulator, 'dev-box');
    const [added, booted] = await session.call([
      { cmdlet: 'Add-VMDvdDrive', params: { Path: 'C:\\Users\\dev\\Downloads\\ubuntu-24.04.1-live-server-amd64.iso' }, at: thisPc, on: { vm: id } }, // prettier-ignore
      { cmdlet: 'Set-VMFirmware/BootDvd', params: {}, at: thisPc, on: { vm: id, dvd: true } },
    ]);
    expect([added, booted]).toEqual([
      { rows: [], errors: [] },
      { rows: [], errors: [] },
    ]);
    const { firstBoot, dvds } = simulator.world.host.vms.get(id)?.settings ?? {};
    expect(firstBoot).toBe(dvds?.[0]?.id);
  });
});
