import type { Same } from '../same.js';
import type { app as en } from '../en/app.js';

export const app: Same<typeof en> = {
  'app.name': 'Hypernest',
  'app.machines': '{count:number} 台虚拟机',
  'app.readAgo': '{age:age}读取',
  'app.navigation': '主导航',
  'app.pageMachines': '虚拟机',
  'app.pageHost': '本机',
  'app.pageHostBlocks': '本机：有阻碍',
  'app.pageActivity': '记录',
  'app.pageSettings': '设置',
  'app.simulated': '模拟工作站。',
  'app.simulatedAs': '模拟：{scenario}。',
  'app.simulatedWhy': '不会读取或更改此处的 Windows；你所做的一切都发生在虚构的 {pc} 上。',
  'app.chooseAnother': '选择其他',
  'app.dismiss': '关闭',
  'app.evidence': '依据',
  'app.evidenceOf': '依据：{title}',
  'app.notRead': '无法读取',
  'app.verdict.ok': '正常',
  'app.verdict.advice': '建议',
  'app.verdict.warning': '警告',
  'app.verdict.blocker': '阻碍',
  'app.verdict.unknown': '未知',
  'app.settingsSetAside': '无法完整读取设置，读不出的部分使用默认值。旧文件已保留：{file}',
  'app.journalUnwritable': '无法在 {folder} 中记录执行情况。在此之前不会更改任何内容。',
};
