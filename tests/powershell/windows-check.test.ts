/** docs/windows-check.ps1, whose checks are for a real Windows, on a simulated one: each runs, and says what it should. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { oneShots } from './one-shots.js';
import { hasPowerShell } from './runtime.js';

const script = path.resolve('docs/windows-check.ps1');
/** What nothing but Windows has, and why the check says so here. */
const onlyOnWindows: Readonly<Record<string, string>> = {
  'shell is Windows PowerShell 5.1': 'this is 7',
  "modules are below PowerShell's own folder": 'Modules',
  'modules load by their full path with autoloading off, policy Bypass': 'powershell.exe',
  'modules load by their full path with autoloading off, policy Restricted': 'powershell.exe',
  'modules load by their full path with autoloading off, policy AllSigned': 'powershell.exe',
  'opening a runspace writes PSModulePath anew': 'powershell.exe',
  'rights are told apart': 'Windows',
  'only administrators write into SystemTemp, where the elevated shell unpacks': 'null',
  'PowerShell Direct gives Windows PowerShell 5.1, and the account is an administrator': 'Windows',
};

/** On Windows it would ask the real one. */
const runs = process.platform !== 'win32' && (await hasPowerShell());

describe.skipIf(!runs)('docs/windows-check.ps1', () => {
  it('passes each check that can pass here, changes what it may and puts it back', async () => {
    const { simulator, shell } = await oneShots('workstation', {
      HYPERNEST_ACCOUNTS: 'administrator in\tbuilder\tbuild-01',
      HYPERNEST_ELEVATED: '1',
    });
    const locked = simulator.outside.vm('Lab DC 01');
    simulator.outside.guest(locked.id, { obeys: 'locked' });
    const settings = () => JSON.stringify([...simulator.world.host.vms.values()].map((vm) => [vm.name, vm.settings]));
    const before = settings();
    const { out } = await shell(['-File', script, '-Vm', 'dev-box', '-LockedVm', 'Lab DC 01', '-GuestVm', '构建机', '-GuestChanges', '-Minutes', '0']); // prettier-ignore
    const lines = out.split(/\r?\n/).filter((line) => /^(PASS|FAIL|SKIP) /.test(line));
    const verdicts = lines.map((line) => /^(\w+) {2}(.*?) {2}(.*)$/.exec(line)?.slice(1) ?? [line]);
    const failed = verdicts.filter(([verdict]) => verdict === 'FAIL');
    for (const [, name = '', detail] of failed) expect([name, detail]).toEqual([name, expect.stringContaining(onlyOnWindows[name] ?? 'none')]); // prettier-ignore
    expect(failed.map(([, name]) => name)).toEqual(Object.keys(onlyOnWindows));
    const skipped = verdicts.filter(([verdict]) => verdict === 'SKIP').map(([, name]) => name);
    expect(skipped).toEqual(['tick and snapshot with 10 VMs', 'tick and snapshot with 30 VMs']);
    expect(verdicts.filter(([verdict]) => verdict === 'PASS').length).toBeGreaterThan(15);
    expect(out.trim().split('\n').at(-1)).toBe(`${String(verdicts.length - failed.length - 2)} passed, ${String(failed.length)} failed, 2 skipped`); // prettier-ignore
    expect(settings()).toBe(before);
  });
});
