/** What a PC is made of: the kind of its processor, and whether it is a VM itself. */
import type { HostFacts } from './machine.js';
import { ifRead } from './reading.js';

/** Every processor is exactly one of these; `unknown`: it could not be read. */
export type ProcessorKind = 'intel' | 'amd' | 'other-x64' | 'arm' | 'other' | 'unknown';

/** Win32_Processor.Architecture: 9 x64, 12 ARM64, 5 ARM. It comes before the vendor: a Snapdragon is no "other" x64. */
export function processorKind({ processor }: Pick<HostFacts, 'processor'>): ProcessorKind {
  if (!processor) return 'unknown';
  switch (processor.architecture) {
    case 9:
      return processor.vendor === 'other' ? 'other-x64' : processor.vendor;
    case 12:
    case 5:
      return 'arm';
    default:
      return 'other';
  }
}

/** What the maker calls its extensions and its second level of page tables; null: neither is known by a name of its own. */
export function extensionNames(kind: ProcessorKind): { readonly extensions: string; readonly paging: string } | null {
  switch (kind) {
    case 'intel':
      return { extensions: 'VT-x', paging: 'EPT' };
    case 'amd':
      return { extensions: 'AMD-V', paging: 'RVI' };
    case 'other-x64':
    case 'arm':
    case 'other':
    case 'unknown':
      return null;
  }
}

/** `none-seen` is not "physical": nothing that is read here proves that (domain §1). */
export type Below = 'azure' | 'hyper-v' | 'other' | 'none-seen' | 'unknown';

type Computer = Pick<NonNullable<HostFacts['computer']>, 'manufacturer' | 'model'>;

/** Only what no physical computer says. A cloud rents bare metal under its own name too, so there the model decides. */
const virtual: readonly { readonly maker?: RegExp; readonly model?: RegExp }[] = [
  { maker: /\b(?:VMware|QEMU|KVM|KubeVirt|Xen|innotek|VirtualBox|Parallels|Bochs|BHYVE|Red Hat|UTM)\b/i },
  { model: /\b(?:VMware|QEMU|KVM|Xen|VirtualBox|Bochs|BHYVE|OpenStack|AHV)\b|Parallels.*Virtual/i },
  // EC2 bare metal has `.metal` in its model (systemd#27267).
  { maker: /Amazon EC2/i, model: /^(?!.*\.metal)./i },
  { model: /^Alibaba Cloud ECS$/i },
  { maker: /^Tencent Cloud$/i, model: /^CVM$/i },
  { maker: /^DigitalOcean$/i, model: /^Droplet$/i },
  { maker: /^Hetzner$/i, model: /^vServer$/i },
  { maker: /^Scaleway$/i, model: /^SCW-/i },
  { maker: /^(?:OpenStack Foundation|Exoscale|UpCloud|Vultr|Linode|Akamai|ByteDance)/i },
];

/** Whose network takes frames from known MAC addresses only, bare metal too. */
const clouds =
  /Amazon EC2|Google|Alibaba Cloud|Tencent Cloud|Huawei Cloud|DigitalOcean|Hetzner|Scaleway|OpenStack|Exoscale|UpCloud|Vultr|Linode|Akamai|ByteDance|OracleCloud/i;

const isVirtual = ({ manufacturer, model }: Computer): boolean =>
  virtual.some((row) => (row.maker?.test(manufacturer) ?? true) && (row.model?.test(model) ?? true));

/** Each Windows image of Azure has its agent; the maker does not tell (an Azure VM has said American Megatrends, crmsh#865). */
const isAzure = ({ services }: Pick<HostFacts, 'services'>): boolean =>
  ifRead(services, undefined, (all) => all['WindowsAzureGuestAgent']) !== undefined;

export function belowOf(host: Pick<HostFacts, 'computer' | 'services'>): Below {
  if (isAzure(host)) return 'azure';
  const { computer } = host;
  if (!computer || (computer.manufacturer.trim() === '' && computer.model.trim() === '')) return 'unknown';
  if (computer.manufacturer === 'Microsoft Corporation' && computer.model === 'Virtual Machine') return 'hyper-v';
  if (isVirtual(computer)) return 'other';
  // Without the services an Azure VM is not ruled out.
  return host.services === undefined ? 'unknown' : 'none-seen';
}

/** It is a VM itself, as far as is known. */
export const isVm = (host: Pick<HostFacts, 'computer' | 'services'>): boolean =>
  ['azure', 'hyper-v', 'other'].includes(belowOf(host));

/** Frames of nested VMs, with MAC addresses of their own, do not get out of a VM or a cloud as a rule. */
export function keepsForeignFrames(host: Pick<HostFacts, 'computer' | 'services'>): boolean {
  if (isVm(host)) return true;
  return host.computer !== undefined && clouds.test(`${host.computer.manufacturer} ${host.computer.model}`);
}

/** Only a root partition counts processors of its own hypervisor: it runs, and the extensions it needs are there. */
export const isHypervisorProven = ({ hypervisorProcessors }: Pick<HostFacts, 'hypervisorProcessors'>): boolean =>
  hypervisorProcessors !== undefined && hypervisorProcessors > 0;
