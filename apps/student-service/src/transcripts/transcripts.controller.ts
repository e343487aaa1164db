/** `GET /students/me/transcript`. */
import type { Transcript } from '@flowchart/contracts';
import { Controller, Get, Header } from '@nestjs/common';
import { CurrentStudent } from '../students/current-student.js';
import { OwnRecord } from '../students/own-record.js';
import { TranscriptsService } from './transcripts.service.js';

@Controller('students/me/transcript')
@OwnRecord()
export class TranscriptsController {
  constructor(private readonly transcripts: TranscriptsService) {}

  @Get()
  @Header('cache-control', 'private, no-store')
  transcript(@CurrentStudent() studentId: string): Promise<Transcript> {
    return this.transcripts.transcript(studentId);
  }
}
