import { Module } from '@nestjs/common';
import { CourseReads } from './course-reads.js';
import { CourseWrites } from './course-writes.js';
import { CoursesController } from './courses.controller.js';
import { InternalCoursesController } from './internal-courses.controller.js';

@Module({
  controllers: [CoursesController, InternalCoursesController],
  providers: [CourseReads, CourseWrites],
})
export class CoursesModule {}
