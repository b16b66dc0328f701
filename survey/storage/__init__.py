"""What is kept, and how: tables, migrations, and the functions that read and write them. No web here."""
