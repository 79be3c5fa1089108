import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { Failure, ShellEnd } from '../../../src/core/cmdlets/call.js';
import {
  parseHostAddress,
  textOfAddress,
  type HostAddress,
  type HostFailure,
  type HostStep,
} from '../../../src/core/machine/hosts.js';
import { aloud, sshEndOf } from '../../../src/core/machine/ssh-said.js';

describe('the address of a host', () => {
  it.each<[string, HostAddress]>([
    ['lab-1', { name: 'lab-1' }],
    [' mei@lab-1 ', { user: 'mei', name: 'lab-1' }],
    ['mei@lab-1:2222', { user: 'mei', name: 'lab-1', port: 2222 }],
    ['CONTOSO\\mei@lab-1', { user: 'CONTOSO\\mei', name: 'lab-1' }],
    ['mei@contoso.com@lab-1.contoso.com', { user: 'mei@contoso.com', name: 'lab-1.contoso.com' }],
    ['刘梅@10.0.0.7', { user: '刘梅', name: '10.0.0.7' }],
    ['[fe80::1]:22', { name: 'fe80::1', port: 22 }],
    ['mei@[2001:db8::1]', { user: 'mei', name: '2001:db8::1' }],
  ])('reads %j', (text, address) => {
    expect(parseHostAddress(text)).toEqual(address);
    expect(textOfAddress(address)).toBe(text.trim());
  });

  it.each([
    ['  ', 'empty'],
    ['a'.repeat(400), 'too-long'],
    ['-oProxyCommand=calc', 'name'],
    ['mei@-oProxyCommand=calc', 'name'],
    ['-l@lab', 'user'],
    ['@lab', 'user'],
    ['mei\\@lab', 'user'],
    ['me i@lab', 'user'],
    ['me"i@lab', 'user'],
    ['me%i@lab', 'user'],
    ['lab 1', 'name'],
    ['lab\n1', 'name'],
    ['lab;calc', 'name'],
    ['%h', 'name'],
    ['lab$(calc)', 'name'],
    ["lab'", 'name'],
    ['fe80::1', 'port'],
    ['[fe80::1%eth0]', 'name'],
    ['ssh://lab', 'port'],
    ['lab:', 'port'],
    ['lab:0', 'port'],
    ['lab:65536', 'port'],
    ['lab:+22', 'port'],
    ['lab:22 -v', 'port'],
  ])('refuses %j: %s', (text, fault) => {
    expect(parseHostAddress(text)).toEqual({ fault });
  });

  const text = fc.string({ unit: fc.constantFrom(...Array.from('ab1梅-@.:\\%"\'` $[]/\n\t\0\u202e')) });
  it('lets nothing through that ssh or a shell would read as more than a word', () => {
    fc.assert(
      fc.property(text, text, (user, name) => {
        const read = parseHostAddress(`${user}@${name}`);
        if ('fault' in read) return;
        for (const word of [read.name, read.user ?? 'x']) expect(word).not.toMatch(/^-|[\s\p{Cc}%"'`$;&|<>(){}*?!]/u);
      }),
    );
  });
});

const ended = (said: string, code = '255', how: ShellEnd['how'] = 'failed'): Failure => ({
  kind: 'session-lost',
  shell: { how, code, said },
});
const CHANGED = `@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!
Host key for hypernest has changed and you have requested strict checking.
Host key verification failed.`;

describe('how far ssh came', () => {
  it.each<[string, HostStep, HostFailure]>([
    ['/home/mei/.ssh/config: line 3: Bad configuration option: prot\r\n', 'ssh-there', 'ssh-config'],
    ['Bad owner or permissions on C:\\\\Users\\\\mei/.ssh/config', 'ssh-there', 'ssh-config'],
    ['ssh: Could not resolve hostname lab: Name or service not known', 'name', 'host-name-unknown'],
    ['ssh: Could not resolve hostname lab: No such host is known. ', 'name', 'host-name-unknown'],
    ['ssh: Could not resolve hostname lab: Der angegebene Host ist unbekannt. ', 'name', 'host-name-unknown'],
    ['ssh: connect to host 127.0.0.1 port 9: Connection refused', 'port', 'host-port-closed'],
    ['ssh: connect to host lab port 22: Connection timed out', 'port', 'host-not-answering'],
    ['ssh: connect to host lab port 22: No route to host', 'port', 'host-not-answering'],
    ['ssh: connect to host lab port 22: Permission denied', 'port', 'host-not-answering'],
    ['ssh: connect to host lab port 22: Unknown error', 'port', 'host-not-answering'],
    ['Connection timed out during banner exchange', 'port', 'host-not-answering'],
    ['', 'port', 'host-not-answering'],
    ['kex_exchange_identification: Connection closed by remote host', 'port', 'host-not-ssh'],
    ['kex_exchange_identification: read: Connection reset by peer', 'port', 'host-not-ssh'],
    ['Connection closed by 127.0.0.1 port 22', 'port', 'host-not-ssh'],
    ['Unable to negotiate with 10.0.0.7 port 22: no matching host key type found. Their offer: ssh-rsa', 'port', 'host-not-ssh'],
    ['No ED25519 host key is known for hypernest and you have requested strict checking.\r\nHost key verification failed.', 'host-key', 'host-key-new'],
    ['No ED25519 host key is known for jump and you have requested strict checking.\r\nHost key verification failed.\r\nConnection closed by UNKNOWN port 65535', 'name', 'jump-key-unknown'],
    ['Host key verification failed.\r\nConnection closed by UNKNOWN port 65535', 'name', 'jump-key-unknown'],
    [CHANGED, 'host-key', 'host-key-changed'],
    [CHANGED.replaceAll('hypernest', 'jump'), 'name', 'jump-key-changed'],
    [CHANGED.replaceAll('hypernest', '[jump.lan]:2222'), 'name', 'jump-key-changed'],
    ['WARNING: REVOKED HOST KEY DETECTED!\r\nThe ED25519 host key for jump is marked as revoked.\r\nHost key verification failed.', 'name', 'jump-key-changed'],
    ['WARNING: REVOKED HOST KEY DETECTED!\r\nThe ED25519 host key for hypernest is marked as revoked.\r\nHost key verification failed.', 'host-key', 'host-key-changed'],
    ['Host key for hypernest has changed and you have requested strict checking.\r\nHost key verification failed.', 'host-key', 'host-key-changed'],
    ['ED25519 host key for hypernest has changed and you have requested strict checking.\r\nHost key verification failed.', 'host-key', 'host-key-changed'],
    ['mei@lab: Permission denied (publickey,password,keyboard-interactive).', 'sign-in', 'host-sign-in-refused'],
    ['sign_and_send_pubkey: signing failed for ED25519 "mei" from agent: agent refused operation\r\nmei@lab: Permission denied (publickey).', 'sign-in', 'host-sign-in-refused'],
    ['Received disconnect from 10.0.0.7 port 22:2: Too many authentication failures\r\nDisconnected from 10.0.0.7 port 22', 'sign-in', 'host-sign-in-refused'],
    ['mei@jump: Permission denied (publickey).\r\nConnection closed by UNKNOWN port 65535', 'sign-in', 'host-sign-in-refused'],
    ['Load key "C:\\\\Users\\\\mei/.ssh/id_lab": Permission denied\r\nmei@lab: Permission denied (publickey).', 'sign-in', 'identity-unreadable'],
    ['Load key "/home/mei/.ssh/id_lab": error in libcrypto\r\nmei@lab: Permission denied (publickey).', 'sign-in', 'identity-unreadable'],
    ['Load key "/home/mei/.ssh/id_lab": bad permissions\r\nConnection closed by 127.0.0.1 port 22', 'port', 'host-not-ssh'],
  ])('%j: %s, %s', (said, step, failure) => {
    expect(sshEndOf(ended(said))).toEqual({ step, failure });
  }); // prettier-ignore

  it.each<[string, Failure, HostStep, HostFailure]>([
    ['no ssh', { kind: 'session-lost', shell: { how: 'not-started', code: 'ENOENT' } }, 'ssh-there', 'ssh-missing'],
    [
      'cmd.exe knows no PowerShell',
      ended(
        "'powershell.exe' is not recognized as an internal or external command,\r\noperable program or batch file.",
        '1',
      ),
      'powershell',
      'powershell-missing',
    ],
    ['nor in another language', ended('', '9009'), 'powershell', 'powershell-missing'],
    [
      'PowerShell knows none',
      ended('    + CategoryInfo : ObjectNotFound: (powershell.exe:String) [], \r\n   CommandNotFoundException', '1'),
      'powershell',
      'powershell-missing',
    ],
    ['a host that restarts', ended('', '1'), 'powershell', 'session-lost'],
    ['a console that is closed', ended('', '3221225786'), 'powershell', 'session-lost'],
    [
      'our script, with a word that is not there',
      ended("The term 'Get-VM' is not recognized", '1'),
      'powershell',
      'session-lost',
    ],
    ['a shell of Linux', ended('powershell.exe: not found', '127'), 'powershell', 'powershell-missing'],
    ['it ended at once', ended('', '0', 'ended'), 'powershell', 'session-lost'],
    ['the bridge was not let run', ended('', '74'), 'powershell', 'session-lost'],
    ['antivirus', { ...ended('', '74'), kind: 'antivirus' }, 'powershell', 'antivirus'],
    ['silence', ended('', '', 'said-nothing'), 'powershell', 'timed-out'],
    ['something else than frames', ended('', '', 'not-understood'), 'powershell', 'timed-out'],
    ['killed here', ended('', 'SIGKILL', 'killed'), 'powershell', 'session-lost'],
    ['nothing known', { kind: 'session-lost' }, 'powershell', 'session-lost'],
  ])('%s', (_, failure, step, kind) => {
    expect(sshEndOf(failure)).toEqual({ step, failure: kind });
  });
});

describe('what ssh says aloud', () => {
  const heardIn = (said: string) => {
    const steps: HostStep[] = [];
    const isError = aloud((step) => steps.push(step));
    return { errors: said.split('\n').filter(isError), steps };
  };

  it('tells each step as it passes, and is no error', () => {
    expect(heardIn(ALOUD)).toEqual({
      steps: ['ssh-there', 'name', 'port', 'host-key', 'sign-in'],
      errors: ['Load key "g": error in libcrypto', 'err'],
    });
  });

  it('has no name on the way through a jump host, and no banner in its errors', () => {
    const jumped = ALOUD.replace(/debug1: Connect.*\n/g, '').replace('debug1: SSH2', 'debug1: Executing proxy command: exec ssh -W\ndebug1: SSH2');
    expect(heardIn(jumped).steps).toEqual(['ssh-there', 'port', 'host-key', 'sign-in']);
    const banner = 'debug1: SSH2_MSG_SERVICE_ACCEPT received\nConnection timed out\nPermission denied (\ndebug1: Authentications that can continue: publickey\nmei@lab: Permission denied (publickey).';
    expect(heardIn(banner).errors).toEqual(['mei@lab: Permission denied (publickey).']);
  }); // prettier-ignore
});
const ALOUD = `OpenSSH_9.5p1, LibreSSL 3.8.2
debug1: Reading configuration data x
debug1: Connecting to lab [127.0.0.1] port 23111.
debug1: Connection established.
debug1: Remote protocol version 2.0, remote software version OpenSSH_for_Windows_9.5
debug1: Host 'hypernest' is known and matches the ED25519 host key.
debug1: SSH2_MSG_SERVICE_ACCEPT received
line one of banner
Connection closed by banner
debug1: Authentications that can continue: publickey,password,keyboard-interactive
Load key "g": error in libcrypto
Authenticated to lab ([127.0.0.1]:23111) using "publickey".
debug1: Sending command: powershell.exe
err
Transferred: sent 3496, received 3420 bytes, in 1.9 seconds
Bytes per second: sent 1863.6, received 1823.0`;
