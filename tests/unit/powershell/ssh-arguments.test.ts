import { describe, expect, it } from 'vitest';
import { sshArguments, START_LINE, windowsSsh } from '../../../src/powershell/ssh.js';

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
