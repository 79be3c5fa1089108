/**
 * Accounts inside guests, as the shell gets them: each password once, on a line of its own, and from then on by its id. An id
 * stands for one account of one machine: the shell opens a session anew when the id is another one.
 */
import type { Guid, MachineRef } from '../core/cmdlets/call.js';
import type { Credential, CredentialSource } from '../core/cmdlets/credentials.js';
import { isWithin } from '../core/machine/tree.js';
import type { Transport } from './transport.js';

interface WireCredential {
  readonly userName: string;
  readonly secret: string;
}

export interface Accounts {
  /** One for each machine of the path, sent if the shell does not have it; undefined when one of them is not known. */
  sendFor(at: MachineRef): readonly WireCredential[] | undefined;
  /** The accounts of this VM of the PC and of every machine inside it. */
  forgetFrom(vm: Guid): void;
}

export function accountsFor(transport: Pick<Transport, 'write'>, source: CredentialSource = () => undefined): Accounts {
  /** By path. */
  const sent = new Map<string, Credential & { readonly id: string }>();
  let nextId = 1;

  const idOf = (path: string, { userName, password }: Credential): string => {
    const known = sent.get(path);
    if (known?.userName === userName && known.password === password) return known.id;
    const id = `s${String(nextId++)}`;
    transport.write(`#secret ${id} ${Buffer.from(password).toString('base64')}`);
    if (known) transport.write(`#forget ${known.id}`);
    sent.set(path, { userName, password, id });
    return id;
  };

  return {
    sendFor(at) {
      if (at.length === 0) return [];
      const credentials = source(at);
      // Windows makes no credential without a name.
      if (credentials?.length !== at.length || credentials.some(({ userName }) => userName === '')) return undefined;
      return credentials.map((credential, index) => ({
        userName: credential.userName,
        secret: idOf(at.slice(0, index + 1).join('/'), credential),
      }));
    },
    forgetFrom(vm) {
      for (const [path, { id }] of sent) {
        if (!isWithin(path, vm)) continue;
        transport.write(`#forget ${id}`);
        sent.delete(path);
      }
    },
  };
}
