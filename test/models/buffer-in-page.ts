/** What packages use in pages of Node's module `buffer`, which bundlers put in its place: texts in Base64. */
export const Buffer = {
  from: (text: string, _encoding: 'base64') => ({ toString: (_as: 'binary') => atob(text) }),
};
