/** What may tell of a person or a PC, in every form that Windows, a log, JSON or a URL writes it; and what has to stay readable. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactor, type Named } from '../../../src/shell/redaction.js';

const redacted = (text: string, names: readonly Named[] = []): string => String(redactor(names)(text));

/** Something rare that no word of Windows holds; the rest is what names are really made of. */
const core = fc.stringMatching(/^zq[a-z]{5}$/);
const around = fc.constantFrom(
  '',
  ' ',
  ' smith',
  "o'",
  'Ü',
  '构建',
  '-01',
  '.old',
  ' (x86)',
  ' & co',
  'é',
  '_2',
  '(1)',
);
const name = fc
  .tuple(core, around, around)
  .map(([secret, before, after]) => ({ secret, name: `${before}${secret}${after}`.trim() }));
const label = core;
const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const number = fc.nat({ max: 4_000_000_000 });

/** A text that tells something, and what must not be in it afterwards. */
interface Telling {
  readonly text: string;
  readonly secrets: readonly string[];
}
const telling = (text: string, ...secrets: readonly string[]): Telling => ({ text, secrets });

const paths = fc.tuple(name, name, core).chain(([one, two, file]) =>
  fc.constantFrom(
    telling(`C:\\Users\\${one.name}\\${two.name}\\${file}.txt`, one.secret, two.secret, file),
    telling(`C:\\Users\\${one.name}`, one.secret),
    telling(`c:/users/${one.name}/${file}`, one.secret, file),
    telling(`D:\\${one.name}\\${two.name}\\${file}.vhdx`, one.secret, two.secret, file),
    telling(`E:\\${file}.avhdx`, file),
    telling(`\\\\?\\C:\\Users\\${one.name}\\${file}`, one.secret, file),
    telling(`\\\\${file}\\share$\\${one.name}\\${two.name}`, file, one.secret, two.secret),
    telling(`\\\\?\\UNC\\${file}\\${one.name}\\x`, file, one.secret),
    telling(`\\\\.\\pipe\\${file}`, file),
    telling(`//${file}/share$/${one.name}/${two.name}`, file, one.secret, two.secret),
    telling(`//${one.secret}/${file}`, one.secret, file),
    // What stands behind a variable.
    telling(`%USERPROFILE%\\${one.name}\\${file}.txt`, one.secret, file),
    telling(`%LOCALAPPDATA%/${file}`, file),
    telling(`$env:USERPROFILE\\${one.name}\\${file}`, one.secret, file),
    telling(`\${env:TEMP}\\${file}\\x`, file),
    telling(`$HOME/${file}`, file),
    telling(`~\\${one.name}\\${file}`, one.secret, file),
    telling(`%SystemRoot%\\Temp\\${file}.iso`, file),
    telling(`%ProgramData%\\${file}`, file),
    telling(`C%3A%5CUsers%5C${encodeURIComponent(one.name)}%5C${file}`, one.secret, file),
    telling(`/home/${file}/x`, file),
    telling(`C:\\ProgramData\\${one.name}\\${file}.log`, one.secret, file),
    // Where Hyper-V puts disks and VMs by itself, and what anybody may drop.
    telling(`C:\\ProgramData\\Microsoft\\Windows\\Virtual Hard Disks\\${file}.vhdx`, file),
    telling(`C:/ProgramData/Microsoft/Windows/Virtual Hard Disks/${file}.vhdx`, file),
    telling(`C:\\ProgramData\\Microsoft\\Windows\\Hyper-V\\${file}.vmcx`, file),
    telling(`C:\\Windows\\Temp\\${file}.iso`, file),
    telling(`C:\\Users\\${one.name}\\AppData\\Local\\Microsoft\\Teams\\${file}\\x`, one.secret, file),
  ),
);
const hosts = fc
  .tuple(label, label, core)
  .chain(([host, domain, query]) =>
    fc.constantFrom(
      telling(`${host}.corp.${domain}.local`, host, domain),
      telling(`${host}.${domain}.com`.toUpperCase(), host, domain),
      telling(`https://${query}:pw@${host}.${domain}.com:8443/${query}?token=${query}#x`, host, domain, query),
      telling(`ftp://${host}/${query}`, host, query),
      telling(`https:\\/\\/${host}.com\\/${query}`, host, query),
      telling(`${host}@${domain}.com`, host, domain),
      telling(`${host}.x+y@${domain}`, host, domain),
      telling(`${host}%40${domain}.com`, host, domain),
    ),
  );
const accounts = fc
  .tuple(label, label)
  .chain(([domain, user]) =>
    fc.constantFrom(
      telling(`${domain.toUpperCase()}\\${user}`, domain, user),
      telling(`AzureAD\\${user}`, user),
      telling(`MicrosoftAccount\\${user}@outlook.com`, user),
      telling(`.\\${user}`, user),
      telling(`'${domain}\\${user} smith'`, domain, user, 'smith'),
    ),
  );
const ids = fc
  .tuple(number, number, number, number, fc.uuid(), hex(12), fc.ipV4(), fc.ipV6())
  .chain(([a, b, c, d, uuid, mac, v4, v6]) =>
    fc.constantFrom(
      telling(`S-1-5-21-${a}-${b}-${c}-1001`, `${a}-${b}`),
      telling(`s-1-12-1-${a}-${b}-${c}-${d}`, `${a}-${b}`),
      telling(`S-1-5-83-1-${a}-${b}-${c}-${d}`, `${a}-${b}`),
      telling(`{${uuid.toUpperCase()}}`, uuid),
      telling(uuid.replaceAll('-', ''), uuid.replaceAll('-', '')),
      telling(mac.replace(/..(?=.)/g, '$&-'), mac.replace(/..(?=.)/g, '$&-')),
      telling(mac.replace(/..(?=.)/g, '$&:'), mac.replace(/..(?=.)/g, '$&:')),
      telling(`00155D${mac.slice(6)}`, `00155d${mac.slice(6)}`),
      telling(v4, v4),
      telling(`${v4}:443`, v4),
      telling(`${v4}/24`, v4),
      telling(v6, v6),
      telling(`[2001:db8::a1b2:${mac.slice(0, 4)}]:443`, `a1b2:${mac.slice(0, 4)}`),
      telling(`fe80::${mac.slice(0, 4)}:${mac.slice(4, 8)}:a1%12`, `${mac.slice(0, 4)}:${mac.slice(4, 8)}`),
      telling(`fe80::a1b2:${mac.slice(0, 4)}%25eth0/64`, `a1b2:${mac.slice(0, 4)}`),
      telling(`::ffff:${v4}`, v4),
      telling(`2001:0db8:${mac.slice(0, 4)}:0:0:0:a1b2:c3d4`, 'a1b2:c3d4'),
    ),
  );

/** As a sentence, a log or JSON has it. */
const settings = fc.constantFrom<(text: string) => string>(
  (text) => text,
  (text) => `"${text}"`,
  (text) => `'${text}'`,
  (text) => `(${text})`,
  (text) => `at ${text}\nnext line`,
  (text) => `path=${text}, code 0x80070005`,
  (text) => `无法打开“${text}”。`,
  (text) => JSON.stringify({ message: text }),
  (text) => `[warn] ${text}; then`,
);

test('no text that tells of a path, a host, an account or an id tells of it again, however it is written', () => {
  fc.assert(
    fc.property(fc.oneof(paths, hosts, accounts, ids), settings, ({ text, secrets }, set) => {
      const left = redacted(set(text)).toLowerCase();
      for (const secret of secrets) expect(left, set(text)).not.toContain(secret.toLowerCase());
    }),
    { numRuns: 3000 },
  );
});

test('no name that is known is told again: in another case, in JSON, in a URL, composed or not, beside other letters or in the name of a file', () => {
  const kinds = fc.constantFrom<Named['kind']>('VM', 'switch', 'adapter', 'made', 'checkpoint', 'account', 'PC');
  const forms = fc.constantFrom<(one: string) => string>(
    (one) => one,
    (one) => one.toUpperCase(),
    (one) => one.normalize('NFD'),
    (one) => JSON.stringify(one).slice(1, -1),
    (one) => encodeURIComponent(one),
    (one) => `虚拟机${one}启动失败`,
    (one) => `'${one}'。`,
    (one) => `backup_${one}_2026`,
    (one) => `vEthernet (${one})`,
    (one) => `D:\\VMs\\${one}\\${one}.vhdx`,
    (one) => `\\\\${one}\\x`,
    (one) => `https://${encodeURIComponent(one)}/x`,
  );
  fc.assert(
    fc.property(name, kinds, forms, settings, (one, kind, form, set) => {
      const left = redacted(set(form(one.name)), [{ kind, texts: [one.name] }]);
      expect(left.toLowerCase(), set(form(one.name))).not.toContain(one.secret);
    }),
    { numRuns: 500 },
  );
});

describe('what has to stay readable does', () => {
  test.each([
    "'x' failed to start. (0x80070005) Access is denied. -2147024891",
    'Start-VM : InvalidOperation: (Microsoft.HyperV.PowerShell.VirtualMachine:String) [Start-VM], VirtualizationException',
    'System.Management.Automation.RemoteException, Microsoft.HyperV.PowerShell.Commands.GetVM',
    'FullyQualifiedErrorId : InvalidState,Microsoft.HyperV.PowerShell.Commands.StartVM',
    'Windows 10.0.26100.1742, PowerShell 5.1.26100.2161, Node 24.21.0, configuration version 12.0',
    '2026-11-24T08:00:00.000Z, 12:34:56.789, 1:02:03, 16:9',
    'C:\\Windows\\System32\\vmms.exe and vmcompute.dll, C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
    'HKLM\\SOFTWARE\\Microsoft, root\\virtualization\\v2, NT AUTHORITY\\SYSTEM, BUILTIN\\Administrators',
    'S-1-5-32-578, S-1-5-18, S-1-1-0',
    'Win32_PerfRawData_HvStats_HyperVHypervisor.LogicalProcessors is 8, com.docker.service, VBoxSup.sys',
    'node:internal/process/task_queues:95:5, main.js:12:5, app://hypernest/index.html',
    'Get-VMNetworkAdapter SwitchName → –, Set-VMProcessor -ExposeVirtualizationExtensions $true',
    'HRESULT 0x8007000E, event 3122, 137438953472 bytes, 99.5 %',
    '访问被拒绝。 (0x80070005)',
  ])('%s', (text) => {
    expect(redacted(text)).toBe(text);
  });

  test('behind a path too', () => {
    expect(redacted('Cannot open D:\\a b\\c.vhdx 0x80070005')).toBe('Cannot open D:\\<disk-1> 0x80070005');
    expect(
      redacted(
        'at run (C:\\Users\\mei li\\AppData\\Local\\Programs\\hypernest\\resources\\app.asar\\out\\main.js:1:2)',
      ),
    ).toBe(
      'at run (C:\\Users\\<folder-1>\\AppData\\Local\\Programs\\hypernest\\resources\\app.asar\\out\\main.js:1:2)',
    );
  });
});

test('the same path, host and account are the same chip, whatever their case', () => {
  expect(redacted('\\\\SRV\\x\n\\\\srv\\x\nCORP\\dave and corp\\DAVE')).toBe(
    '\\\\<PC-1>\\<folder-1>\n\\\\<PC-1>\\<folder-1>\n<account-1> and <account-1>',
  );
});

test('a short name is taken out where it stands in quotes, and nowhere else', () => {
  expect(redacted("'DB' failed; DBs are DB", [{ kind: 'VM', texts: ['DB'] }])).toBe("'<VM-1>' failed; DBs are DB");
});
