"""The catalogue in the database: parts people search and add to, price books, and the editions quotations were made from."""
