import { Component } from '@angular/core';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { MemoryMeter } from './memory/memory-meter';

@Component({
  selector: 'app-root',
  imports: [MemoryMeter, RouterLink, RouterLinkActive, RouterOutlet],
  templateUrl: './app.html',
})
export class App {}
