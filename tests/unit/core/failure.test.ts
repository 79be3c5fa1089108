import { describe, expect, it } from 'vitest';
import type { ErrorRecord, FailureKind } from '../../../src/core/cmdlets/call.js';
import { failureKindOf, failureOf } from '../../../src/core/cmdlets/failure.js';
import { causesOf, nextOfFailure, textOfFailure, titleOfFailure } from '../../../src/core/errors/failures.js';
import errorFacts from '../../../simulator/facts/errors.json' with { type: 'json' };
import { translator } from '../../../src/text/index.js';

const record = (id: string, category: string, but: Partial<ErrorRecord> = {}): ErrorRecord => ({
  id,
  category,
  target: null,
  exception: 'Microsoft.HyperV.PowerShell.VirtualizationException',
  hresult: null,
  message: 'localised',
  ...but,
});
const hyperV = (id: string, cmdlet = 'SetVMProcessor'): string =>
  `${id},Microsoft.HyperV.PowerShell.Commands.${cmdlet}`;

/** Every error of the facts that is written, by its own id and what has to be told of it. */
const told: Readonly<Record<string, FailureKind>> = {
  'vm-not-found-get': 'not-found',
  'vm-not-found-other': 'not-found',
  'vm-not-found-id': 'not-found',
  'switch-not-found': 'not-found',
  'switch-not-found-id': 'not-found',
  'snapshot-not-found': 'not-found',
  'access-denied-operation': 'access-denied',
  'module-missing-51': 'module-missing',
  'module-missing-7': 'module-missing',
  'import-module-missing': 'module-missing',
  'platform-not-installed': 'module-missing',
  'platform-wrong-class': 'not-supported',
  // By its id it is the same as a VM that is gone; the words for it name both.
  'vmms-stopped': 'not-found',
  'set-processor-running': 'wrong-state',
  'set-processor-vbs': 'not-supported',
  'set-memory-invalid-state': 'wrong-state',
  'set-memory-dynamic-running': 'wrong-state',
  'set-memory-mismatch': 'invalid-argument',
  'memory-not-2mb': 'invalid-argument',
  'state-invalid': 'wrong-state',
  'stop-exclusive': 'invalid-argument',
  'update-version-running': 'wrong-state',
  'bind-null-vmname': 'invalid-argument',
  'bind-unknown-parameter': 'invalid-argument',
  // Unspecified, and nothing else in the record: only Windows' own words can be shown.
  'access-denied': 'unexpected',
  'rpc-unavailable': 'unexpected',
  'start-no-memory': 'no-memory',
  'start-no-resources': 'unexpected',
  'start-no-hypervisor': 'unexpected',
  'state-change-failed': 'unexpected',
};

describe('an error of Windows becomes what can honestly be said of it', () => {
  const byId = new Map(errorFacts.errors.map((error) => [error.id, error]));

  it.each(Object.entries(told))('%s: %s', (id, kind) => {
    const fact = byId.get(id);
    expect(fact, id).toBeDefined();
    // Columns of the facts hold notes in brackets and the codes of WMI as text.
    const fqid = (fact?.fullyQualifiedErrorId ?? '').replace(/ .*$/, '').replace(/<(\w+).*$/, '$1');
    const [, code] = /(0x[0-9A-F]{8})/i.exec(fact?.hresult ?? '') ?? [];
    const category = fact?.category ?? '';
    expect(
      failureKindOf(
        record(fqid, category.split(/[: ]/)[0] ?? '', {
          target: /\(\{?(\w+)\}?:String\)/.exec(category)?.[1] ?? null,
          exception: fact?.exception ?? '',
          hresult: code === undefined ? null : Number(code) | 0,
        }),
      ),
    ).toBe(kind);
  });

  it.each<[string, string, Partial<ErrorRecord>, FailureKind]>([
    [hyperV('ObjectInUse'), 'ResourceBusy', {}, 'in-use'],
    [hyperV('OperationTimeout'), 'OperationTimeout', {}, 'timed-out'],
    [hyperV('Unspecified'), 'NotSpecified', { hresult: 0x80070005 | 0 }, 'access-denied'],
    [hyperV('Unspecified'), 'NotSpecified', { hresult: 0x80041003 | 0 }, 'access-denied'],
    ['HRESULT 0x80041003,Get', 'PermissionDenied', {}, 'access-denied'],
    ['Microsoft.Dism.Commands.Get', 'NotSpecified', { hresult: 0x800702e4 | 0 }, 'access-denied'],
    ['CouldNotAutoLoadModule', 'ObjectNotFound', {}, 'module-blocked'],
    ['UnauthorizedAccess,Microsoft.PowerShell.Commands.ImportModuleCommand', 'SecurityError', {}, 'module-blocked'],
    [
      'UnauthorizedAccess',
      'SecurityError',
      { exception: 'System.Management.Automation.PSSecurityException' },
      'module-blocked',
    ],
    ['UnauthorizedAccess,X', 'PermissionDenied', { exception: 'System.UnauthorizedAccessException' }, 'access-denied'],
    ['Bridge.TimedOut', 'InvalidOperation', {}, 'timed-out'],
    ['Bridge.KeepNotOne', 'InvalidOperation', {}, 'not-found'],
    ['Bridge.NoObjects', 'InvalidOperation', {}, 'not-found'],
    ['Bridge.NotAllowed', 'InvalidOperation', {}, 'invalid-argument'],
    [
      'OperationFailed,Microsoft.Vhd.PowerShell.Cmdlets.NewVhd',
      'NotSpecified',
      { message: "'a (0x80070050).vhdx': no (0x80070070)." },
      'disk-full',
    ],
    [
      'OperationFailed,Microsoft.Vhd.PowerShell.Cmdlets.NewVhd',
      'NotSpecified',
      { message: "'a': 文件存在。 (0x80070050)。" },
      'exists',
    ],
    [
      'OperationFailed,Microsoft.Vhd.PowerShell.Cmdlets.ConvertVhd',
      'NotSpecified',
      { message: 'no (0xC03A0005).' },
      'bad-disk',
    ],
    [
      'OperationFailed,Microsoft.Vhd.PowerShell.Cmdlets.ConvertVhd',
      'NotSpecified',
      { message: 'no (0x80070005).' },
      'access-denied',
    ],
    ['OperationFailed,Microsoft.Vhd.PowerShell.Cmdlets.NewVhd', 'NotSpecified', { message: 'no' }, 'unexpected'],
    ['InvalidParameter,Microsoft.Vhd.PowerShell.Cmdlets.GetVHD', 'InvalidArgument', {}, 'bad-disk'],
    ['ObjectInUse,Microsoft.Vhd.PowerShell.Cmdlets.GetVHD', 'ResourceBusy', {}, 'in-use'],
    [
      hyperV('Unspecified', 'AddVMDvdDrive'),
      'NotSpecified',
      { message: "'a' (0x80070002). (Virtual machine ID 1)" },
      'not-found',
    ],
    [hyperV('Unspecified', 'StartVM'), 'NotSpecified', { message: "'(0x80070050)'" }, 'unexpected'],
    [
      'RemoveFileSystemItemIOError,Microsoft.PowerShell.Commands.RemoveItemCommand',
      'WriteError',
      { hresult: 0x80070020 | 0 },
      'in-use',
    ],
    ['', '', {}, 'unexpected'],
    [hyperV('InvalidParameter', 'GetVM'), 'InvalidArgument', { target: null }, 'invalid-argument'],
  ])('%s %s %o: %s', (id, category, but, kind) => expect(failureKindOf(record(id, category, but))).toBe(kind));

  it('is not moved by what the message says, which is localised', () => {
    const said = (message: string) => failureKindOf(record(hyperV('InvalidState'), 'InvalidOperation', { message }));
    expect(said('Access denied')).toBe('wrong-state');
    expect(said('无法找到虚拟机')).toBe('wrong-state');
  });

  it('keeps the record, so that Windows’ own words can be shown', () => {
    const raw = record(hyperV('InvalidState'), 'InvalidOperation');
    expect(failureOf(raw, 'Set-VMProcessor')).toEqual({ kind: 'wrong-state', cmdlet: 'Set-VMProcessor', record: raw });
    expect(failureOf(raw)).toEqual({ kind: 'wrong-state', record: raw });
  });

  const said = (id: string, but: Partial<ErrorRecord> = {}) => failureOf(record(id, 'NotSpecified', but));

  it('is called what the table of errors calls it, whatever Windows’ language', () => {
    const memory = said(hyperV('InvalidState', 'SetVMMemory'));
    expect(titleOfFailure(memory)).toEqual({ key: 'errors.memoryRunning' });
    expect(nextOfFailure(memory)).toEqual({ key: 'errors.memoryRunningWhy' });
    expect(titleOfFailure(said(hyperV('InvalidState')))).toEqual({ key: 'errors.running' });
    const bind = said(hyperV('ObjectNotFound', 'NewVMSwitch'), { hresult: 0x80070490 | 0 });
    expect(causesOf(bind)[0]?.topic.id).toBe('switch-bind');
    expect(titleOfFailure(said('Unspecified', { message: '(0x80070569)' }))).toEqual({ key: 'errors.logonRight' });
  });

  it('does not say that the account is refused where it may be the VM’s own', () => {
    const start = said(hyperV('AccessDenied', 'StartVM'));
    expect(causesOf(start).map(({ topic }) => topic.id)).toEqual(['disk-access', 'rights']);
    expect(titleOfFailure(start)).toEqual({ key: 'failures.accessDenied' });
    expect(nextOfFailure(start)).toEqual({ key: 'failures.severalNext' });
  });

  it('has the words of its kind where the record says nothing, or there is none', () => {
    const lost = { kind: 'session-lost' } as const;
    expect(causesOf(lost)).toEqual([]);
    expect(textOfFailure(lost)).toBeUndefined();
    expect(titleOfFailure(lost)).toEqual({ key: 'failures.sessionLost' });
    expect(titleOfFailure(said('Bridge.TimedOut'))).toEqual({ key: 'failures.timedOut' });
    expect(nextOfFailure(said('Bridge.TimedOut'))).toEqual({ key: 'failures.timedOutNext' });
    // A code that much else has is read with the command around it.
    expect(causesOf(said('Unspecified,Get', { hresult: 0x80004005 | 0 }))).toEqual([]);
  });

  it('has a title and a next step in both languages for every kind', () => {
    const kinds: FailureKind[] = ['not-found', 'access-denied', 'wrong-state', 'not-supported', 'in-use', 'no-memory', 'disk-full', 'exists', 'bad-disk', 'invalid-argument',
      'module-missing', 'module-blocked', 'session-lost', 'timed-out', 'unknown-outcome', 'not-taken', 'cancelled', 'unexpected']; // prettier-ignore
    for (const language of ['en', 'zh-CN'] as const) {
      const t = translator(language);
      const titles = kinds.map((kind) => t.message(titleOfFailure({ kind })));
      expect(new Set(titles).size).toBe(kinds.length);
      for (const kind of kinds) expect(t.message(nextOfFailure({ kind }))).not.toBe('');
    }
  });
});
