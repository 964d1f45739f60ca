import { squeezed } from '../scripts/squeeze-shaders';

describe('squeezeShaders', () => {
  it('leaves out indentation and the blanks around operators', () => {
    const source = `
      int y = line - n * out_height;
      if (y >= 0 && y < 4) sum += f(y) ? (a + b) : c;`;
    expect(squeezed(source)).toBe('\nint y=line-n*out_height;if(y>=0&&y<4) sum+=f(y)?(a+b):c;');
  });

  it('joins lines, but none with one of the preprocessor, or with one whose beginning is elsewhere', () => {
    expect(squeezed('\n  int f() {\n    return 1;\n  }\n  int g();')).toBe('\nint f(){return 1;}int g();');
    for (const source of [
      '\n#define a b;\nint c;',
      '\nint c;\n#define a b',
      '_of_x d;\nint c;',
      '\nint c;\n',
    ]) {
      expect(squeezed(source)).toBe(source);
    }
  });

  it('leaves out blanks that separate no tokens, in source of several lines', () => {
    const source = '\nvec2 f(int a, int b) { for (int i = 0; i < b; i++) { a--; } return vec2(a, -b); }';
    expect(squeezed(source)).toBe('\nvec2 f(int a,int b){for(int i=0;i<b;i++){a--;}return vec2(a,-b);}');
    expect(squeezed('clamp(a, b, c)')).toBe('clamp(a, b, c)');
    expect(squeezed('\n#define f(a, b) g(a, b)\n#define h (1)\n')).toBe(
      '\n#define f(a,b) g(a,b)\n#define h (1)\n',
    );
  });

  it('joins no two tokens into another', () => {
    for (const source of [
      'a - -b',
      'a + +b',
      'return x',
      'x = -1',
      '#define f(x) (x)',
      'a & &b',
      'else if (x)',
    ]) {
      expect(squeezed(source)).toBe(source);
    }
  });

  it('leaves messages as they are', () => {
    const message = "pool: argument 'mode' is 3; wanted one of 'max', 'average' - or none";
    expect(squeezed(message)).toBe(message);
  });
});
