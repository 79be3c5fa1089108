declare module '*.ps1?raw' {
  const text: string;
  export default text;
}
