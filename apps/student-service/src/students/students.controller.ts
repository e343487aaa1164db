/** `GET /students/me`. */
import type { Profile } from '@flowchart/contracts';
import { Controller, Get, Header } from '@nestjs/common';
import { CurrentStudent } from './current-student.js';
import { OwnRecord } from './own-record.js';
import { StudentsService } from './students.service.js';

@Controller('students/me')
@OwnRecord()
export class StudentsController {
  constructor(private readonly students: StudentsService) {}

  @Get()
  @Header('cache-control', 'private, no-store')
  profile(@CurrentStudent() studentId: string): Promise<Profile> {
    return this.students.profile(studentId);
  }
}
