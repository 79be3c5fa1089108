// What winget has to know of a release: four files for the public repository of its packages (docs/release.md). Pure.
import { stringify } from 'yaml';

const VERSION = '1.12.0';
const schema = (type) =>
  `# yaml-language-server: $schema=https://aka.ms/winget-manifest.${type}.${VERSION}.schema.json\n`;
/** As installer.nsh ends. */
const codes = [
  { InstallerReturnCode: 1, ReturnResponse: 'cancelledByUser' },
  { InstallerReturnCode: 3, ReturnResponse: 'packageInUseByApplication' },
  { InstallerReturnCode: 4, ReturnResponse: 'alreadyInstalled' },
];
const zh = {
  ShortDescription: 'Hyper-V 的嵌套虚拟化：查看每台虚拟机，说明问题所在，更改、验证并可撤消',
};

/** `product`: package.json; `config`: electron-builder.yml; `date`: YYYY-MM-DD. Answers each file's name and text. */
export function wingetManifests({ product, config, repository, installer, hash, date }) {
  const { owner, name } = repository;
  const home = `https://github.com/${owner}/${name}`;
  const [id, version] = [`${owner}.${product.productName}`, product.version];
  const common = { PackageIdentifier: id, PackageVersion: version };
  const texts = {
    Publisher: product.author,
    PublisherUrl: home,
    PublisherSupportUrl: `${home}/issues`,
    PackageName: product.productName,
    PackageUrl: home,
    License: product.license,
    LicenseUrl: `${home}/blob/v${version}/LICENSE`,
    Copyright: config.copyright,
    ReleaseNotesUrl: `${home}/releases/tag/v${version}`,
  };
  const file = { Architecture: 'x64', InstallerUrl: `${home}/releases/download/v${version}/${installer}`, InstallerSha256: hash.toUpperCase() }; // prettier-ignore
  const copy = (Scope, Custom, more = {}) => ({ ...file, Scope, InstallerSwitches: { Custom }, ...more });
  const manifests = {
    version: { ...common, DefaultLocale: 'en-US' },
    installer: {
      ...common,
      Platform: ['Windows.Desktop'],
      MinimumOSVersion: '10.0.22000.0',
      InstallerType: 'nullsoft',
      InstallModes: ['interactive', 'silent'],
      ExpectedReturnCodes: codes,
      UpgradeBehavior: 'install',
      Protocols: ['hypernest'],
      ProductCode: config.nsis.guid,
      ReleaseDate: date,
      Installers: [
        copy('machine', '/allusers', { ElevationRequirement: 'elevatesSelf' }),
        copy('user', '/currentuser'),
      ],
    },
    defaultLocale: {
      ...common,
      PackageLocale: 'en-US',
      ...texts,
      ShortDescription: product.description,
      Moniker: product.name,
      Tags: ['developer-tools', 'hyper-v', 'nested-virtualization', 'virtual-machine', 'wsl'],
    },
    locale: { ...common, PackageLocale: 'zh-CN', ...texts, ...zh },
  };
  const names = {
    version: id,
    installer: `${id}.installer`,
    defaultLocale: `${id}.locale.en-US`,
    locale: `${id}.locale.zh-CN`,
  };
  return Object.entries(manifests).map(([type, manifest]) => ({
    name: `${names[type]}.yaml`,
    text: schema(type) + stringify({ ...manifest, ManifestType: type, ManifestVersion: VERSION }, { lineWidth: 0 }),
  }));
}
