/** `ssh-ed25519` → `ed25519`, `ecdsa-sha2-nistp256` → `ecdsa` */
const keyFileOf = (type: string): string =>
  type.includes('ecdsa') ? 'ecdsa' : type.includes('ed25519') ? 'ed25519' : type.includes('rsa') ? 'rsa' : '*';

/** What a person types at a host to read the fingerprint of its key there. */
export const keyCommandOf = (type: string): string =>
  `ssh-keygen -lf C:\\ProgramData\\ssh\\ssh_host_${keyFileOf(type)}_key.pub`;
