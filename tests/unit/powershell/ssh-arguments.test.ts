import { describe, expect, it } from 'vitest';
import { sshArguments, START_LINE, windowsSsh } from '../../../src/powershell/ssh.js';
import { versionIn, type Version } from '../../../src/powershell/ssh-options.js';

const ssh = windowsSsh({ PATH: 'C:\\Tools', USERPROFILE: 'C:\\Users\\mei', SSH_ASKPASS: 'x', NODE_OPTIONS: '--inspect' }, 'C:\\Windows'); // prettier-ignore

describe('what ssh is started with', () => {
  it('is the client of Windows, and of the environment what it needs', () => {
    expect(ssh.executable).toBe('C:\\Windows\\System32\\OpenSSH\\ssh.exe');
    expect(ssh.cwd).toBe('C:\\Windows\\System32');
    expect(Object.keys(ssh.env).toSorted()).toEqual(['COMSPEC', 'PATH', 'SSH_ASKPASS', 'SSH_ASKPASS_REQUIRE', 'SystemRoot', 'USERPROFILE', 'windir']); // prettier-ignore
    // The ssh of a jump host asks a program that is not there, in a folder that only Windows writes to.
    expect(ssh.env).toMatchObject({
      SSH_ASKPASS: 'C:\\Windows\\System32\\OpenSSH\\asks-nobody.exe',
      SSH_ASKPASS_REQUIRE: 'force',
    });
  });

  it('forwards, asks and runs nothing, and has the address in parts behind its options', () => {
    const args = sshArguments({ ssh, address: { user: 'CONTOSO\\mei', name: 'fe80::1', port: 2222 } }, { StrictHostKeyChecking: 'yes' }, START_LINE); // prettier-ignore
    expect(args.slice(-7)).toEqual(['-p', '2222', '-l', 'CONTOSO\\mei', '--', 'fe80::1', START_LINE]);
    const options = args.filter((_, index) => args[index - 1] === '-o');
    expect(options).toEqual(
      expect.arrayContaining(['BatchMode=yes', 'StrictHostKeyChecking=yes', 'ClearAllForwardings=yes', 'ForwardAgent=no', 'ForwardX11=no', 'Tunnel=no', 'PermitLocalCommand=no', 'RemoteCommand=none', 'ControlPath=none', 'LogLevel=ERROR']), // prettier-ignore
    );
    expect(args.slice(0, 2)).toEqual(['-T', '-k']);
  });

  it('leaves out what the person did not say', () => {
    expect(sshArguments({ ssh, address: { name: 'lab' } }, {}).slice(-2)).toEqual(['--', 'lab']);
    expect(sshArguments({ ssh, address: { name: 'lab' } }, {})).not.toContain('-l');
  });

  it('has a start line far below the length at which commands were seen to be cut', () => {
    expect(START_LINE.length).toBeLessThan(200);
  });
});

describe('what only newer clients know', () => {
  const optionsFor = (version?: Version): readonly string[] =>
    sshArguments({ ssh: { ...ssh, ...(version && { version }) }, address: { name: 'lab' } }, {});

  it.each([
    ['OpenSSH_for_Windows_8.1p1, LibreSSL 3.0.2', [8, 1], []],
    ['OpenSSH_for_Windows_8.6p1, LibreSSL 3.4.3', [8, 6], ['KnownHostsCommand=none', 'LogVerbose=none']],
    ['OpenSSH_9.2p1 Debian-2+deb12u10, OpenSSL 3.0.19', [9, 2], ['KnownHostsCommand=none', 'LogVerbose=none', 'SessionType=default', 'StdinNull=no', 'ForkAfterAuthentication=no']],
    ['OpenSSH_10.0p2', [10, 0], ['KnownHostsCommand=none', 'LogVerbose=none', 'SessionType=default', 'StdinNull=no', 'ForkAfterAuthentication=no']],
  ] as const)('is set for %s, and the rest for everybody', (said, version, more) => {
    expect(versionIn(`${said}\r\n`)).toEqual(version);
    const old = optionsFor();
    expect(optionsFor(version).filter((one) => !old.includes(one))).toEqual(more);
    expect(optionsFor(version)).toEqual(expect.arrayContaining([...old]));
  }); // prettier-ignore

  it('is not set where the version is not known, and no unknown option is let through', () => {
    expect(versionIn('ssh: illegal option -- V')).toBeUndefined();
    expect(optionsFor().join(' ')).not.toMatch(/KnownHostsCommand|SessionType|IgnoreUnknown/);
  });
});
