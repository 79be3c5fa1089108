/**
 * Accounts inside guests, as the shell gets them: each password once, on a line of its own, and from then on by its id. An id
 * stands for one account of one machine: the shell opens a session anew when the id is another one.
 */
import { wayTo, isWithin, type VmRef, type MachineRef } from '../core/cmdlets/ref.js';
import type { Credential, CredentialSource } from '../core/cmdlets/credentials.js';
import type { Transport } from './transport.js';

interface WireCredential {
  readonly userName: string;
  readonly secret: string;
}

export interface Accounts {
  /** One for each VM on the way in, sent if the shell does not have it; undefined when one of them is not known. */
  sendFor(at: MachineRef): readonly WireCredential[] | undefined;
  /** The accounts of this VM of the PC and of every machine inside it. */
  forgetFrom(vm: VmRef): void;
}

export function accountsFor(transport: Pick<Transport, 'write'>, source: CredentialSource = () => undefined): Accounts {
  const sent = new Map<VmRef, Credential & { readonly id: string }>();
  let nextId = 1;

  const secretOf = (vm: VmRef, { userName, password }: Credential): string => {
    const known = sent.get(vm);
    if (known?.userName === userName && known.password === password) return known.id;
    const id = `s${String(nextId++)}`;
    transport.write(`#secret ${id} ${Buffer.from(password).toString('base64')}`);
    if (known) transport.write(`#forget ${known.id}`);
    sent.set(vm, { userName, password, id });
    return id;
  };

  return {
    sendFor(at) {
      const way = wayTo(at);
      if (way.length === 0) return [];
      const credentials = source(at);
      // Windows makes no credential without a name.
      if (credentials?.length !== way.length || credentials.some(({ userName }) => userName === '')) return undefined;
      return way.flatMap((vm, index) => {
        const credential = credentials[index];
        return credential ? [{ userName: credential.userName, secret: secretOf(vm, credential) }] : [];
      });
    },
    forgetFrom(outer) {
      for (const [vm, { id }] of sent) {
        if (!isWithin(vm, outer)) continue;
        transport.write(`#forget ${id}`);
        sent.delete(vm);
      }
    },
  };
}
