/** What Vite makes of imports that are no scripts. */
declare module '*.jpg' {
  const address: string;
  export default address;
}

declare module '*.mp3' {
  const address: string;
  export default address;
}

declare module '*?raw' {
  const text: string;
  export default text;
}
